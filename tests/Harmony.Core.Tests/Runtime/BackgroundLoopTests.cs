using Harmony.Core.Runtime;
using Harmony.Testing;
using Microsoft.Extensions.Logging;

namespace Harmony.Core.Tests.Runtime;

public sealed class BackgroundLoopTests : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly TestTimeProvider _clock = new();
    private readonly RecordingLogger _log = new();
    private int _rounds;

    private ILogger Logger => _log.CreateLogger("loop");

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Rounds_FollowEachOtherAfterThePause()
    {
        await using var loop = Start(_ => ValueTask.CompletedTask);
        await _clock.AdvanceToTimerAsync(Pause);
        await _clock.AdvanceToTimerAsync(Pause);
        await _clock.TimerAsync(Pause);
        Assert.Equal(3, _rounds);
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(ObjectDisposedException))]
    [InlineData(typeof(OperationCanceledException))]
    [InlineData(typeof(NullReferenceException))]
    public async Task Round_ThatThrowsWhateverItBe_IsLoggedOnceAndTriedAgainMoreSlowly(Type kind)
    {
        await using var loop = Start(_ => _rounds <= 3 ? throw (Exception)Activator.CreateInstance(kind, "x")! : ValueTask.CompletedTask);
        await _clock.AdvanceToTimerAsync(TimeSpan.FromSeconds(1));
        await _clock.AdvanceToTimerAsync(TimeSpan.FromSeconds(2));
        await _clock.AdvanceToTimerAsync(TimeSpan.FromSeconds(4));
        await _clock.TimerAsync(Pause);
        Assert.Equal([1301, 1302, 1302, 1303], _log.Lines.Select(l => l.EventId));
        Assert.Equal(kind, _log.Lines.First().Exception!.GetType());
    }

    [Fact]
    public async Task Round_ThatSucceeds_ResetsTheBackoff()
    {
        await using var loop = Start(_ => _rounds is 1 or 3 ? throw new IOException() : ValueTask.CompletedTask);
        await _clock.AdvanceToTimerAsync(TimeSpan.FromSeconds(1));
        await _clock.AdvanceToTimerAsync(Pause);
        await _clock.TimerAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _log.Lines.Count(l => l.EventId == 1301));
    }

    [Fact]
    public async Task Logger_ThatThrows_DoesNotEndTheLoop()
    {
        await using var loop = BackgroundLoop.Start("work", Pause, _ => throw new IOException(), _clock, new ThrowingLogger());
        await _clock.AdvanceToTimerAsync(TimeSpan.FromSeconds(1));
        await _clock.TimerAsync(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Wake_EndsThePause()
    {
        var second = Guard.NewSignal();
        await using var loop = Start(_ =>
        {
            if (_rounds == 2) second.SetResult();
            return ValueTask.CompletedTask;
        });
        await _clock.TimerAsync(Pause);
        loop.Wake();
        await second.Task.Guarded();
    }

    [Fact]
    public async Task Wake_DuringARound_MakesTheNextFollowAtOnce()
    {
        var (began, goOn, second) = (Guard.NewSignal(), Guard.NewSignal(), Guard.NewSignal());
        await using var loop = Start(async _ =>
        {
            if (_rounds == 2) second.SetResult();
            began.TrySetResult();
            await goOn.Task;
        });
        await began.Task.Guarded();
        loop.Wake();
        goOn.SetResult();
        await second.Task.Guarded();
    }

    [Fact]
    public async Task Dispose_CancelsTheRoundWaitsForItAndThrowsNothing()
    {
        var (began, ended) = (Guard.NewSignal(), false);
        var loop = Start(async ct =>
        {
            began.SetResult();
            ct.UnsafeRegister(_ => throw new InvalidOperationException("a callback"), null);
            await Task.Delay(Timeout.Infinite, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ended = true;
            throw new IOException("at the end");
        });
        await began.Task.Guarded();
        await loop.DisposeAsync().AsTask().Guarded();
        await loop.DisposeAsync().AsTask().Guarded();
        loop.Stop();
        loop.Wake();
        Assert.True(ended);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Dispose_DuringThePause_EndsItAtOnce()
    {
        var loop = Start(_ => ValueTask.CompletedTask);
        await _clock.TimerAsync(Pause);
        await loop.DisposeAsync().AsTask().Guarded();
        Assert.Equal(1, _rounds);
    }

    [Fact]
    public async Task ExecutionContext_OfTheStarter_DoesNotFollow()
    {
        var local = new AsyncLocal<string> { Value = "request 7" };
        var seen = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var loop = Start(_ =>
        {
            seen.TrySetResult(local.Value);
            return ValueTask.CompletedTask;
        });
        Assert.Null(await seen.Task.Guarded());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(int.MaxValue, 60)]
    public void Backoff_Doubles_UpToItsLongest(int failures, int seconds)
        => Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.Default.After(failures));

    private BackgroundLoop Start(Func<CancellationToken, ValueTask> round) => BackgroundLoop.Start("work", Pause, ct =>
    {
        _rounds++;
        return round(ct);
    }, _clock, Logger);

    private sealed class ThrowingLogger : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => throw new InvalidOperationException("the log is broken");
    }
}
