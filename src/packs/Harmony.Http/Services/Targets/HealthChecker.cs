using Harmony.Core.Configuration;
using Harmony.Core.Runtime;
using Microsoft.Extensions.Logging;

namespace Harmony.Http.Services.Targets;

/// <summary><c>[backends.NAME.options.health_check]</c>: health checks of each target.</summary>
public record HealthCheckOptions : ConfigNode
{
    /// <summary>Seconds between two health checks.</summary>
    [AllowedRange(1, 3600)]
    public int IntervalSecs { get; init; } = 10;

    /// <summary>Time-out of a health check, in seconds.</summary>
    [AllowedRange(1, 300)]
    public int TimeoutSecs { get; init; } = 5;

    /// <summary>Failed health checks in a row after which a target gets no requests.</summary>
    [AllowedRange(1, 100)]
    public int UnhealthyThreshold { get; init; } = 3;

    /// <summary>Successful health checks in a row after which a target gets requests again.</summary>
    [AllowedRange(1, 100)]
    public int HealthyThreshold { get; init; } = 1;
}

/// <summary>Asks one target whether it is well, in its own protocol.</summary>
internal interface IHealthCheck
{
    /// <summary>Asks once.</summary>
    /// <param name="ct">Ends the wait for the answer, which is a bad one then.</param>
    /// <returns>What is wrong with the answer; null for a good one. However else it fails, it throws.</returns>
    Task<string?> FindFaultAsync(CancellationToken ct);
}

/// <summary>Runs the health checks of one target, from the moment its configuration goes live until it is replaced.</summary>
/// <param name="target">Whose health is noted.</param>
/// <param name="check">Asks.</param>
/// <param name="options">How often, how long, and how many answers count.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="logger">Is told when a check cannot even be made.</param>
/// <param name="waits">Whether the first question waits for its interval, instead of coming at once.</param>
internal sealed class HealthChecker(
    Target target, IHealthCheck check, HealthCheckOptions options, TimeProvider clock, ILogger logger, bool waits = false) : IAsyncDisposable
{
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(options.IntervalSecs);
    private BackgroundLoop? _loop;
    private int _goodInARow;
    private int _badInARow;
    private DateTimeOffset _badSince;
    private bool _well = !target.Health.FailsChecks;

    public void Start()
        => _loop = BackgroundLoop.Start($"checking {target.Described}", _interval, CheckAsync, clock, logger, waits ? _interval : TimeSpan.Zero);

    /// <summary>Asks no more: those of another configuration do.</summary>
    public void Stop() => _loop?.Stop();

    public async ValueTask DisposeAsync()
    {
        if (_loop is not null) await _loop.DisposeAsync();
    }

    private async ValueTask CheckAsync(CancellationToken ct)
    {
        string? fault;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.TimeoutSecs), clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        try
        {
            fault = await check.FindFaultAsync(deadline.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // However it failed, the target does not answer as it should, and the checks go on.
            fault = timeout.IsCancellationRequested ? $"no response within {options.TimeoutSecs} s" : e.Message;
        }

        Note(fault);
    }

    private void Note(string? fault)
    {
        var good = fault is null;
        if (!good && _badInARow == 0) _badSince = clock.GetUtcNow();
        _goodInARow = good ? _goodInARow + 1 : 0;
        _badInARow = good ? 0 : _badInARow + 1;
        _well = _well ? _badInARow < options.UnhealthyThreshold : _goodInARow >= options.HealthyThreshold;
        if (!_well && !good) target.Health.Ailing(_badSince, _badInARow, fault!);
        else if (_well && good) target.Health.Passed();
    }
}
