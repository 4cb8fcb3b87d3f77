using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Core.Tests.Fakes;
using Microsoft.Extensions.Logging;

namespace Harmony.Core.Tests.Modules;

public class ModuleRegistryTests
{
    [Fact]
    public void Registry_NameOrAlias_FindsTheSameModule()
    {
        var registry = CaseModules.Registry;
        Assert.Same(registry.MiddlewareType("tag"), registry.MiddlewareType("label"));
        Assert.Same(registry.PlannedFor("middleware", "jwt_auth"), registry.PlannedFor("middleware", "jwt"));
        Assert.Null(registry.PlannedFor("service", "jwt"));
        Assert.Null(registry.Service("tag"));
        Assert.Equal(["door", "http", "sink"], registry.Services.Select(s => s.Name));
        Assert.Equal(["gate", "half", "stamp", "tag"], registry.Middleware.Select(m => m.Name));
        Assert.Contains("jwt", registry.MiddlewareNames);
    }

    [Fact]
    public void Add_NameTaken_IsRefusedByName()
    {
        var builder = new ModuleRegistryBuilder().Add(new ServiceModule("a", "") { Aliases = ["b"] });
        Assert.StartsWith("there is a service 'b' already", Assert.Throws<ArgumentException>(() => builder.Add(new ServiceModule("b", ""))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => builder.Add(new ServiceModule("c", "") { Aliases = ["a"] }));
        Assert.Null(builder.Build().Service("c"));
    }

    [Fact]
    public void Add_AliasEqualToItsName_IsRefused()
        => Assert.Throws<ArgumentException>(() => new ModuleRegistryBuilder().Add(new ServiceModule("a", "") { Aliases = ["a"] }));

    [Fact]
    public void Add_MiddlewareNameTaken_IsRefused()
    {
        var factory = ModuleFactory<MiddlewareContext, IMiddleware>.From<NoOptions>((_, _) => null);
        var builder = new ModuleRegistryBuilder().Add(new MiddlewareModule("a", "", factory));
        Assert.Throws<ArgumentException>(() => builder.Add(new MiddlewareModule("a", "", factory)));
    }

    [Fact]
    public void Add_PlannedNameOfAnotherKind_IsFine()
    {
        var builder = new ModuleRegistryBuilder().Add(new PlannedModule("service", "jmix", "")).Add(new PlannedModule("middleware", "jmix", ""));
        Assert.Throws<ArgumentException>(() => builder.Add(new PlannedModule("service", "jmix", "")));
        Assert.Equal(2, builder.Build().Planned.Count());
    }

    [Fact]
    public void Add_AdapterForATakenProtocol_IsRefused()
    {
        var builder = new ModuleRegistryBuilder().Add(new NoAdapter());
        Assert.Throws<ArgumentException>(() => builder.Add(new NoAdapter()));
        Assert.Single(builder.Build().Adapters);
    }

    private sealed class NoAdapter : IProtocolAdapter
    {
        public string Protocol => "none";

        public IEnumerable<ListenerBinding> BindingsOf(GatewaySnapshot snapshot) => [];

        public ValueTask<IListener> OpenAsync(ListenerBinding binding, GatewayRuntime runtime, ILoggerFactory loggers, CancellationToken ct)
            => throw new NotSupportedException();
    }
}
