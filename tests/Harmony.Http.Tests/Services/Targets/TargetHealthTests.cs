using Harmony.Http.Services.Targets;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Targets;

public class TargetHealthTests
{
    private readonly TestTimeProvider _clock = new();
    private int _ejections;

    [Fact]
    public void Failures_AsManyAsAllowed_EjectOnce()
    {
        var health = Health(3);
        health.Failed();
        health.Failed();
        Assert.True(health.IsWell);
        health.Failed();
        Assert.False(health.IsWell);
        health.Failed(); // requests that were under way
        Assert.Equal(1, _ejections);
    }

    [Fact]
    public void Success_BetweenFailures_BeginsTheCountAnew()
    {
        var health = Health(2);
        health.Failed();
        health.Succeeded();
        health.Failed();
        Assert.True(health.IsWell);
    }

    [Fact]
    public void Ejected_TimeIsUp_ComesBackAndOneMoreFailureEjectsAgain()
    {
        var health = Health(3);
        for (var i = 0; i < 3; i++) health.Failed();
        _clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(health.IsWell);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(health.IsWell);
        health.Failed();
        Assert.False(health.IsWell);
        Assert.Equal(2, _ejections);
    }

    [Fact]
    public void Ejected_AnswersAllTheSame_ComesBackAtOnce()
    {
        var health = Health(1);
        health.Failed();
        health.Succeeded();
        Assert.True(health.IsWell);
    }

    [Fact]
    public void MaxFailures_Zero_NeverEjects()
    {
        var health = Health(0);
        for (var i = 0; i < 100; i++) health.Failed();
        Assert.True(health.IsWell);
    }

    [Fact]
    public void ActiveCheck_GoodWhileEjected_DoesNotCutTheTimeShort()
    {
        var health = Health(1);
        health.Failed();
        health.Checked(true); // the health page may work while the application does not
        Assert.False(health.IsWell);
    }

    [Fact]
    public void ActiveCheck_GoodAfterBad_BringsItBackAltogether()
    {
        var health = Health(1);
        health.Failed();
        health.Checked(false);
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.False(health.IsWell);
        health.Checked(true);
        Assert.True(health.IsWell);
    }

    private TargetHealth Health(int maxFailures)
        => new(new PassiveHealthOptions { MaxFailures = maxFailures, EjectionSecs = 10 }, _clock, () => _ejections++);
}
