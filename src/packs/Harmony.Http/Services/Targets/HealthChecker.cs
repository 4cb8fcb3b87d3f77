using Microsoft.Extensions.Logging;

namespace Harmony.Http.Services.Targets;

/// <summary>Asks one target regularly whether it is well, from the moment the configuration goes live until another takes its place.</summary>
/// <param name="target">Whose health is noted.</param>
/// <param name="check">Asks.</param>
/// <param name="options">How often, how long, and how many answers count.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="logger">Takes a line when the target goes or comes back.</param>
internal sealed class HealthChecker(Target target, IHealthCheck check, HealthCheckOptions options, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private int _goodInARow;
    private int _badInARow;
    private bool _well = !target.Health.FailsChecks;

    public void Start() => _loop = RunAsync();

    /// <summary>Asks no more: those of another configuration do.</summary>
    public void Stop() => _stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.IntervalSecs), clock);
        try
        {
            do
            {
                Note(await IsGoodAsync());
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed: the configuration is no longer in use.
        }
    }

    private async Task<bool> IsGoodAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.TimeoutSecs), clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stop.Token);
        try
        {
            return await check.IsGoodAsync(deadline.Token);
        }
        catch (Exception) when (!_stop.IsCancellationRequested)
        {
            // However it failed, the target does not answer as it should, and the checks go on.
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new OperationCanceledException("the checks have ended", e, _stop.Token);
        }
    }

    private void Note(bool good)
    {
        _goodInARow = good ? _goodInARow + 1 : 0;
        _badInARow = good ? 0 : _badInARow + 1;
        var well = _well ? _badInARow < options.UnhealthyThreshold : _goodInARow >= options.HealthyThreshold;
        target.Health.Checked(well);
        if (well == _well) return;
        _well = well;
        if (well) TargetLog.TargetWell(logger, target.Name);
        else TargetLog.TargetIll(logger, target.Name, _badInARow);
    }
}
