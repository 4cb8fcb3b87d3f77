using Harmony.Testing;

namespace Harmony.Gateway.Tests.Metrics;

/// <summary>The checker itself can find what it is for.</summary>
public sealed class PrometheusCheckTests
{
    [Theory]
    [InlineData("# TYPE a_total counter\na_total{x=\"1\",y=\"q\\\"\\\\\\n\"} 1\n", null)]
    [InlineData("# HELP a Words.\n# TYPE a gauge\na 1.5e-05\n", null)]
    [InlineData("# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n", null)]
    [InlineData("# TYPE a gauge\na 1", "the last line has no line feed")]
    [InlineData("a 1\n", "sample without its TYPE before it: a 1")]
    [InlineData("# TYPE a counter\na 1\n", "a counter ends in _total: # TYPE a counter")]
    [InlineData("# TYPE a gauge\n# HELP a Words.\na 1\n", "HELP stands before TYPE: # HELP a Words.")]
    [InlineData("# HELP a Words.\n# HELP a Words.\n# TYPE a gauge\na 1\n", "second HELP: # HELP a Words.")]
    [InlineData("# TYPE a gauge\na{x=\"1\"} 1\na{x=\"1\"} 2\n", "sample twice: a{x=\"1\"} 2")]
    [InlineData("# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# HELP a Words.\na{x=\"2\"} 1\n", "metric a is in two pieces")]
    [InlineData("# TYPE a gauge\na{x=\"a\"b\"} 1\n", "not a line of the format: a{x=\"a\"b\"} 1")]
    [InlineData("# TYPE a gauge\na{x.y=\"1\"} 1\n", "not a line of the format: a{x.y=\"1\"} 1")]
    [InlineData("# TYPE a gauge\na one\n", "not a line of the format: a one")]
    [InlineData("# TYPE h histogram\nh_bucket{le=\"1\"} 3\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n", "buckets of h{} do not grow")]
    [InlineData("# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 3\nh_count 1\n", "h{} has no bucket +Inf")]
    [InlineData("# TYPE h histogram\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 3\n", "h_count{} is not its last bucket")]
    public void Problems_OfAText_AreFound(string text, string? problem)
        => Assert.Equal(problem is null ? [] : [problem], PrometheusCheck.Problems(text));
}
