using Harmony.Core.Faults;
using Harmony.Http.Services.Http.Targets;
using Harmony.Http.Services.Targets;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Targets;

public sealed class TargetPickerTests : IDisposable
{
    private readonly TestTimeProvider _clock = new();
    private readonly List<TargetPool> _pools = [];
    private readonly List<HttpTarget> _targets = [];

    [Theory]
    [InlineData("abcabcabc", 1, 1, 1)]
    [InlineData("aabacaa", 5, 1, 1)]
    [InlineData("abaaba", 20, 10)]
    [InlineData("abab", 100, 100)]
    public void RoundRobin_ByWeight_FollowsTheSmoothOrder(string order, params int[] weights)
        => Assert.Equal(order, Picks("round_robin", order.Length, weights));

    [Fact]
    public void RoundRobin_OneIll_OthersShareInOrder()
    {
        var picker = Picker("round_robin", 1, 1, 1);
        Eject("b");
        Assert.Equal("accacc", Picks(picker, 6));
    }

    [Fact]
    public void RoundRobin_AllIll_EachIsTriedInTurn()
    {
        var picker = Picker("round_robin", 1, 1, 1);
        Eject("abc");
        Assert.Equal("abcabc", Picks(picker, 6));
    }

    /// <summary>A target that seems ill may be asked when there is no other; one that an operator has taken out never is.</summary>
    [Theory]
    [InlineData("round_robin")]
    [InlineData("least_requests")]
    [InlineData("power_of_two")]
    [InlineData("random")]
    [InlineData("first")]
    [InlineData("only")]
    public void Drained_IsNeverAsked(string strategy)
    {
        var picker = strategy == "only" ? Picker(strategy, 1) : Picker(strategy, 1, 1, 1);
        foreach (var target in _targets.Skip(1)) target.Drain();
        Eject("a");
        Assert.Equal("aaaaaaaa", Picks(picker, 8));
        _targets[0].Drain();
        var fault = Assert.Throws<GatewayException>(() => picker.Pick(null));
        Assert.Equal(FaultKind.Unavailable, fault.Kind);
        _targets[^1].Enable();
        Assert.Equal(_targets[^1].Name, picker.Pick(null).Name);
    }

    [Fact]
    public void RoundRobin_ATrillionPicksLater_StillAdmitsEach()
    {
        var picker = Picker("round_robin", 1, 1, 1);
        Assert.Equal("abc", string.Concat(Picks(picker, 100_000).Order().Distinct()));
    }

    [Fact]
    public void LeastRequests_Unequal_TakesTheLeastForItsWeight()
    {
        var picker = Picker("least_requests", 1, 1, 4);
        foreach (var busy in "aabccc") Target(busy).Enter();
        Assert.Equal("c", picker.Pick(null).Name); // (3 + 1) / 4 is less than (1 + 1) / 1
        foreach (var busy in "ccccc") Target(busy).Enter();
        Assert.Equal("b", picker.Pick(null).Name);
    }

    [Fact]
    public void LeastRequests_Equal_TakesEachInTurn() => Assert.Equal("abcabc", Picks("least_requests", 6, 1, 1, 1));

    [Fact]
    public void LeastRequests_BestIsIll_TakesTheNext()
    {
        var picker = Picker("least_requests", 1, 1);
        Target('b').Enter();
        Eject("a");
        Assert.Equal("b", picker.Pick(null).Name);
    }

    [Fact]
    public void PowerOfTwo_OneIsBusiest_IsNeverTaken()
    {
        var picker = Picker("power_of_two", 1, 1, 1);
        for (var i = 0; i < 9; i++) Target('b').Enter();
        Assert.DoesNotContain('b', Picks(picker, 300));
    }

    [Theory]
    [InlineData("random")]
    [InlineData("power_of_two")]
    public void Random_ManyPicks_SharesAreEven(string strategy)
    {
        var picks = Picks(strategy, 9000, 1, 1, 1);
        Assert.All("abc", name => Assert.InRange(picks.Count(p => p == name), 2700, 3300)); // six standard deviations
    }

    [Fact]
    public void Random_ByWeight_SharesFollowIt() => Assert.InRange(Picks("random", 8000, 3, 1).Count(p => p == 'a'), 5750, 6250);

    [Theory]
    [InlineData("random")]
    [InlineData("power_of_two")]
    public void Random_OthersIll_TakesTheOneThatIsWell(string strategy)
    {
        var picker = Picker(strategy, 1, 1, 1);
        Eject("ac");
        Assert.Equal("bbbbb", Picks(picker, 5));
    }

    [Fact]
    public void First_AsTheyFall_OthersStandBy()
    {
        var picker = Picker("first", 1, 1, 1);
        Assert.Equal("aaa", Picks(picker, 3));
        Eject("a");
        Assert.Equal("bbb", Picks(picker, 3));
        Eject("b");
        Assert.Equal("ccc", Picks(picker, 3));
        Target('a').Health.Succeeded();
        Assert.Equal("aaa", Picks(picker, 3));
    }

    [Theory]
    [InlineData("round_robin")]
    [InlineData("least_requests")]
    [InlineData("power_of_two")]
    [InlineData("random")]
    [InlineData("first")]
    public void Every_OneHasJustFailedTheRequest_TakesAnother(string strategy)
    {
        var picker = Picker(strategy, 1, 1);
        for (var i = 0; i < 20; i++) Assert.Equal("b", picker.Pick(Target('a')).Name);
        Eject("b"); // that one is still well, so it is the better choice
        Assert.Equal("a", picker.Pick(Target('a')).Name);
        Eject("a");
        Assert.Equal("b", picker.Pick(Target('a')).Name);
    }

    [Theory]
    [InlineData("round_robin")]
    [InlineData("first")]
    public void Every_OneTarget_IsNeverCutOff(string strategy)
    {
        var picker = Picker(strategy, 1);
        Eject("a");
        Target('a').Health.Ailing(_clock.GetUtcNow(), 1, "refused");
        Assert.Equal("a", picker.Pick(Target('a')).Name);
    }

    [Theory]
    [InlineData("round_robin")]
    [InlineData("least_requests")]
    [InlineData("power_of_two")]
    [InlineData("random")]
    [InlineData("first")]
    public void Pick_ManyTimes_AllocatesNothing(string strategy)
    {
        var picker = Picker(strategy, 1, 2, 3);
        picker.Pick(null);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) picker.Pick(null);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    public void Dispose() => _pools.ForEach(p => p.Dispose());

    private static string Picks(TargetPicker<HttpTarget> picker, int count) => string.Concat(Enumerable.Range(0, count).Select(_ => picker.Pick(null).Name));

    private string Picks(string strategy, int count, params int[] weights) => Picks(Picker(strategy, weights), count);

    private TargetPicker<HttpTarget> Picker(string strategy, params int[] weights)
    {
        _targets.AddRange(weights.Select((weight, i) => new HttpTarget(new Uri("http://127.0.0.1:1"), NewPool())
        {
            Name = ((char)('a' + i)).ToString(),
            Described = "",
            Weight = weight,
            Timeout = TimeSpan.FromSeconds(1),
            Health = new TargetHealth(new PassiveHealthOptions { MaxFailures = 1 }, _clock),
        }));
        return TargetPicker<HttpTarget>.Create(strategy, [.. _targets]);
    }

    private TargetPool NewPool()
    {
        _pools.Add(TargetPool.Open(
            new TargetPoolSettings("http://127.0.0.1:1", 1, "", "1.1"), new System.Net.Security.SslClientAuthenticationOptions(), TimeProvider.System));
        return _pools[^1];
    }

    private HttpTarget Target(char name) => _targets[name - 'a'];

    private void Eject(string names)
    {
        foreach (var name in names) Target(name).Health.Failed("refused");
    }
}
