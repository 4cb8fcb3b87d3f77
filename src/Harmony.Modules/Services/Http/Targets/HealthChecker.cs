using Microsoft.Extensions.Logging;

namespace Harmony.Modules.Services.Http.Targets;

/// <summary>Asks one target regularly whether it is well, from the moment the configuration goes live until another takes its place.</summary>
internal sealed class HealthChecker(HttpTarget target, HealthCheckOptions options, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _url = new(target.Root + "/" + options.Path.TrimStart('/'));
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
        using var question = new HttpRequestMessage(HttpMethod.Get, _url) { Version = target.Version, VersionPolicy = target.VersionPolicy };
        if (target.Credentials is { } credentials) question.Headers.TryAddWithoutValidation(credentials.Field, credentials.Value);
        try
        {
            using var answer = await target.Invoker.SendAsync(question, deadline.Token);
            return answer.IsSuccessStatusCode;
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
        if (well) ForwardLog.TargetWell(logger, target.Name);
        else ForwardLog.TargetIll(logger, target.Name, _badInARow);
    }
}
