using System.Net;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Packs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Benchmarks.Policies;

/// <summary>Judges a request by ten rules, a rate limit among them.</summary>
internal sealed class PoliciesScenario : IScenario
{
    private const string Config = """
        [proxy]
        name = "bench"
        [middleware.m]
        type = "policies"
        [[middleware.m.options.policies]]
        rules = [
            { type = "ip_allow", options = { ip_addresses = ["10.0.0.0/8", "192.168.0.0/16"] } },
            { type = "ip_deny", options = { ip_addresses = ["203.0.113.0/24"] } },
            { type = "rate_limit", options = { max_requests = 1000000000 } },
            { type = "path", options = { mode = "deny", paths = ["/admin/{*rest}", "/internal/{*rest}"] } },
            { type = "method", options = { methods = ["GET", "POST"] } },
            { type = "content_type", options = { content_types = ["application/*"] } },
            { type = "user_agent", options = { mode = "deny", patterns = [{ pattern = "/bot|crawler|spider/i" }] } },
            { type = "header", options = { headers = [{ name = "x-site", value = "north" }] } },
            { type = "geo", options = { country_codes = ["XX"] } },
            { type = "time_based", options = { start_time = "00:00", end_time = "23:59" } },
        ]
        """;

    private IRequestMiddleware? _middleware;
    private RequestEnvelope? _request;

    public string Name => "policies/ten-rules";

    public async ValueTask SetupAsync()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Config);
        var problems = new ConfigProblems();
        var config = new ConfigLoader(problems, _ => null).Load(file);
        File.Delete(file);
        var modules = new ModuleRegistryBuilder();
        new StandardPacks(TimeProvider.System).AddTo(modules);
        var definition = config.Middleware.Single();
        var context = new MiddlewareContext
        {
            Name = "m", File = definition.File, Location = definition.Section.Location, Problems = problems,
            Environment = new BuildEnvironment(config, NullLoggerFactory.Instance, TimeProvider.System),
        };
        _middleware = (IRequestMiddleware?)modules.Build().MiddlewareType("policies")!.Factory.Create(definition.Section.Options!, "middleware 'm'", context)
            ?? throw new InvalidOperationException(string.Join('\n', problems));
        var headers = new HeaderFields { { "host", "gateway.example" }, { "user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36" }, { "content-type", "application/json" } };
        _request = new RequestEnvelope
        {
            Protocol = "http", Method = "GET", Path = "/orders/17/items", PathBelowPrefix = "/orders/17/items", Headers = headers,
            Body = Body.Empty(), RequestId = "1", ClientAddress = IPAddress.Parse("10.1.2.3"), RemoteAddress = IPAddress.Parse("10.1.2.3"),
        };
    }

    public async ValueTask OperationAsync()
    {
        var judging = _middleware!.OnRequestAsync(_request!, CancellationToken.None);
        if (!judging.IsCompletedSuccessfully || !(await judging).IsContinue) throw new InvalidOperationException("the request was refused");
    }
}
