using Harmony.Testing;

namespace Harmony.Access.Tests.Middleware.Policies;

/// <summary>Configurations whose one pipeline leads from a prefix through one middleware <c>m</c> to an echo.</summary>
internal static class PolicyConfig
{
    /// <summary>What the test gives stands first, so that it knows the lines.</summary>
    public static string With(string toml, string prefix = "/", string network = "")
    {
        var pipeline = new OnePipeline("echo") { Middleware = "\"m\"", Network = network, Endpoint = $"path_prefix = \"{prefix}\"" };
        return $"{toml}\n{pipeline.ToToml()}\n[backends.echo]\nservice = \"echo\"\n";
    }

    /// <summary>A policies middleware with one policy <c>p</c>, its rules given as <c>[rules.NAME]</c> tables in short.</summary>
    /// <param name="rules">Name to what stands in its table.</param>
    public static string Rules(params (string Name, string Toml)[] rules) => $"""
        [middleware.m]
        type = "policies"
        options.policies = ["p"]
        [policies.p]
        rules = [{string.Join(", ", rules.Select(r => $"\"{r.Name}\""))}]
        {string.Join('\n', rules.Select(r => $"[rules.{r.Name}]\n{r.Toml}"))}
        """;

    /// <summary>One rule of a type with options; a denying one stands beside <c>allow_all</c>.</summary>
    public static string Rule(string type, string options, bool denies = false)
    {
        var rule = ("r", $"type = \"{type}\"\noptions = {{ {options} }}");
        return denies ? Rules(rule, ("rest", "type = \"allow_all\"")) : Rules(rule);
    }

    public static Task<TestGateway> StartAsync(string toml, TimeProvider? clock = null, string prefix = "/", string network = "")
        => TestGateway.StartAsync(With(toml, prefix, network), clock: clock);

    /// <summary>Problems, one line each: <c>(line,column): error: …</c>.</summary>
    public static Task<IReadOnlyList<string>> ProblemsAsync(string toml) => BackendConfig.ProblemsOfAsync(With(toml));

    public static async Task<int> StatusAsync(this TestGateway gateway, string target = "/", string method = "GET", params string[] fields)
        => (await gateway.SendRawAsync(method, target, fields)).Status;
}
