using Harmony.Core.Routing;

namespace Harmony.Core.Tests.Routing;

/// <summary>No path makes a match expensive: the nodes of the table bound the work, and they are counted rather than timed.</summary>
public sealed class RouteTableHostileTests
{
    private const int PathLength = 8 * 1024;

    [Fact]
    public void Match_HundredNestedParameterRoutes_VisitsEachNodeAtMostOnce()
    {
        var builder = new RouteTable<int>.Builder();
        var nodes = 1;
        for (var route = 0; route < 100; route++)
        {
            // Parameters and literals in every mixture, all of them dead ends: "/{p0}/a/{p2}/.../end17".
            var segments = Enumerable.Range(0, 20).Select(depth => (route >> (depth % 7) & 1) == 0 ? "a" : $"{{p{depth}}}");
            Assert.True(builder.TryAdd(Pattern($"/{string.Join('/', segments)}/end{route}"), null, route, out _));
            nodes += 21;
        }

        var path = string.Concat(Enumerable.Repeat("/a", PathLength / 2));
        var match = builder.Build().Match(path, "GET", out var steps);

        Assert.Equal(RouteOutcome.NotFound, match.Outcome);
        Assert.InRange(steps, 20, nodes);
    }

    [Fact]
    public void Match_OrdinaryTable_VisitsOneNodePerSegment()
    {
        var builder = new RouteTable<int>.Builder();
        for (var route = 0; route < 1000; route++) Assert.True(builder.TryAddPrefix($"/service{route}/v1/items", null, route, out _));

        var match = builder.Build().Match("/service500/v1/items/" + new string('x', PathLength), "GET", out var steps);

        Assert.Equal((500, 4), (match.Value, steps));
    }

    [Fact]
    public void Match_PathMuchDeeperThanTheTable_StopsWhereTheTableEnds()
    {
        var builder = new RouteTable<int>.Builder();
        Assert.True(builder.TryAddPrefix("/{a}/{b}", null, 1, out _));

        var match = builder.Build().Match(string.Concat(Enumerable.Repeat("/x", PathLength / 2)), "GET", out var steps);

        Assert.Equal((1, 4, 3), (match.Value, match.PrefixLength, steps));
    }

    [Fact]
    public void Match_LongEncodedPath_AllocatesNothing()
    {
        var builder = new RouteTable<int>.Builder();
        Assert.True(builder.TryAddPrefix("/{a}", null, 1, out _));
        var table = builder.Build();
        var path = "/a/" + string.Concat(Enumerable.Repeat("%24", PathLength / 3));

        Assert.Equal(0, Allocations.Of(() => table.Match(path, "GET")));
    }

    private static RoutePattern Pattern(string text)
        => RoutePattern.TryParse(text, out var pattern, out var error) ? pattern : throw new ArgumentException(error, nameof(text));
}
