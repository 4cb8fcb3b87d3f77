using Harmony.Http.Services.Targets;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Targets;

public sealed class TargetHealthTests : IDisposable
{
    private readonly TestTimeProvider _clock = new();
    private readonly RecordingLogger _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Failures_AsManyAsAllowed_EjectOnce()
    {
        var health = Health(3);
        health.Failed("refused");
        health.Failed("refused");
        Assert.True(health.IsWell);
        health.Failed("refused");
        Assert.False(health.IsWell);
        health.Failed("refused"); // requests that were under way
        Assert.Single(_log.Lines);
    }

    [Fact]
    public void Tally_CountsAnswers_AndTellsTheTimesOfTheLast256()
    {
        var tally = new TargetTally();
        Assert.Equal(new Core.Modules.TargetTraffic(0, 0), tally.Read());
        tally.Answered(TimeSpan.FromHours(9)); // longer than a time that is kept can be, and then pushed out
        Assert.Equal(TimeSpan.FromMicroseconds(int.MaxValue), tally.Read().Median);
        for (var i = 256; i >= 1; i--) tally.Answered(TimeSpan.FromMilliseconds(i));
        tally.Failed();
        var traffic = tally.Read();
        Assert.Equal((257, 1), (traffic.Answered, traffic.Failed));
        TimeSpan?[] times = [traffic.Last, traffic.Median, traffic.NinetyFifth];
        Assert.Equal([1, 128, 244], times.Select(t => t!.Value.TotalMilliseconds));
    }

    [Fact]
    public void LastError_OfRequestsAndChecks_IsKeptWhenTheTargetIsBack()
    {
        var health = Health(3);
        health.Failed("refused");
        health.Succeeded();
        Assert.Equal(("refused", _clock.GetUtcNow()), (health.Tally.Read().LastError, health.Tally.Read().LastErrorAt));
        _clock.Advance(TimeSpan.FromSeconds(5));
        health.Ailing(_clock.GetUtcNow(), 3, "responded with 500 to the health check");
        health.Passed();
        Assert.Null(health.Outage);
        Assert.Equal(("responded with 500 to the health check", _clock.GetUtcNow()), (health.Tally.Read().LastError, health.Tally.Read().LastErrorAt));
    }

    [Fact]
    public void Success_BetweenFailures_BeginsTheCountAnew()
    {
        var health = Health(2);
        health.Failed("refused");
        health.Succeeded();
        health.Failed("refused");
        Assert.True(health.IsWell);
    }

    [Fact]
    public void Ejected_TimeIsUp_ComesBackAndOneMoreFailureEjectsAgain()
    {
        var health = Health(3);
        for (var i = 0; i < 3; i++) health.Failed("refused");
        _clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(health.IsWell);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(health.IsWell);
        health.Failed("refused");
        Assert.False(health.IsWell);
        Assert.Single(_log.Lines); // it was never back
    }

    [Fact]
    public void Ejected_AnswersAllTheSame_ComesBackAtOnce()
    {
        var health = Health(1);
        health.Failed("refused");
        Assert.Equal(new TargetOutage(_clock.GetUtcNow(), "refused"), health.Outage);
        _clock.Advance(TimeSpan.FromSeconds(70));
        health.Succeeded();
        Assert.True(health.IsWell);
        Assert.Null(health.Outage);
        Assert.Equal([2101, 2103], _log.Lines.Select(l => l.EventId));
        Assert.EndsWith(" is back after 1 min 10 s", _log.Lines.Last().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MaxFailures_Zero_NeverEjects()
    {
        var health = Health(0);
        for (var i = 0; i < 100; i++) health.Failed("refused");
        Assert.True(health.IsWell);
    }

    [Fact]
    public void ActiveCheck_GoodWhileEjected_DoesNotCutTheTimeShort()
    {
        var health = Health(1);
        health.Failed("refused");
        health.Passed(); // the health page may work while the application does not
        Assert.False(health.IsWell);
    }

    [Fact]
    public void ActiveCheck_GoodAfterBad_BringsItBackAltogether()
    {
        var health = Health(1);
        health.Failed("refused");
        health.Ailing(_clock.GetUtcNow(), 1, "refused");
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.False(health.IsWell);
        health.Passed();
        Assert.True(health.IsWell);
    }

    private TargetHealth Health(int maxFailures)
        => new(new PassiveHealthOptions { MaxFailures = maxFailures, EjectionSecs = 10 }, _clock,
            new TargetNews(_log.CreateLogger(TargetLog.Category), "b", "t", isOnly: false));
}
