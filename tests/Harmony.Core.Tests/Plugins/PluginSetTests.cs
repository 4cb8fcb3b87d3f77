using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Core.Tests.Fakes;
using Harmony.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Core.Tests.Plugins;

public sealed class PluginSetTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Load_GoodPlugin_AddsItsModulesToThisConfigurationOnly()
    {
        PluginAssembly.Write(_folder.Path, "good", nameof(PluginPack.AddStamper));
        var problems = new ConfigProblems();
        await using var snapshot = await BuildAsync("good.dll", "stamper", problems);
        Assert.Empty(problems);
        Assert.NotNull(snapshot!.Modules.MiddlewareType("stamper"));
        Assert.NotNull(snapshot.Modules.MiddlewareType("tag"));
        Assert.Equal(["stamper"], Assert.Single(snapshot.Pipelines).Left.Concat(snapshot.Pipelines[0].Right).Select(s => s.Name).Distinct());
        Assert.Null(CaseModules.Registry.MiddlewareType("stamper"));
    }

    [Theory]
    [InlineData("missing.dll", "(12,10): error: the plug-in 'missing.dll' is not there")]
    [InlineData("text.dll", "(12,10): error: the plug-in 'text.dll' is no .NET assembly")]
    [InlineData("empty.dll", "(12,10): error: the plug-in 'empty.dll' contains no IModulePack")]
    [InlineData("two.dll", "(12,10): error: the plug-in 'two.dll' contains 2 classes that implement IModulePack; expected exactly one")]
    [InlineData("failing.dll", "(12,10): error: the plug-in 'failing.dll' cannot be used: its pack failed: no ModuleRegistryBuilder today")]
    [InlineData("foreign.dll", "(12,10): error: the plug-in 'foreign.dll' does not use Harmony.Core, so it contains no IModulePack")]
    [InlineData(
        "future.dll", "(12,10): error: the plug-in 'future.dll' was built against Harmony.Core 99.0.0; this program has VERSION: build it anew against that")]
    [InlineData("other.dll", "(11,1): error: the plug-in 'other.dll' brings no middleware type 'stamped'; did you mean 'stamper'?")]
    [InlineData("taken.dll", "(12,10): error: the plug-in 'taken.dll' cannot be used: its pack failed: there is a middleware type 'tag' already")]
    public async Task Load_BadPlugin_IsOneErrorWhereItIsNamed(string file, string expected)
    {
        File.WriteAllText(_folder.PathOf("text.dll"), "no assembly");
        PluginAssembly.Write(_folder.Path, "empty");
        PluginAssembly.Write(_folder.Path, "two", nameof(PluginPack.AddStamper), nameof(PluginPack.Fail));
        PluginAssembly.Write(_folder.Path, "failing", nameof(PluginPack.Fail));
        PluginAssembly.Write(_folder.Path, "other", nameof(PluginPack.AddStamper));
        PluginAssembly.Write(_folder.Path, "taken", nameof(PluginPack.AddBuiltIn));
        PluginAssembly.WriteReferring(_folder.Path, "foreign", "Harmony.Other", new Version(1, 0, 0, 0));
        PluginAssembly.WriteReferring(_folder.Path, "future", "Harmony.Core", new Version(99, 0, 0, 0));

        var problems = new ConfigProblems();
        Assert.Null(await BuildAsync(file, "stamped", problems));
        var version = typeof(IModulePack).Assembly.GetName().Version!.ToString(3);
        Assert.Equal(_folder.PathOf("config.toml") + expected.Replace("VERSION", version, StringComparison.Ordinal), Assert.Single(problems).ToString());
    }

    [Fact]
    public async Task Dispose_OfTheSnapshot_UnloadsThePlugin()
    {
        PluginAssembly.Write(_folder.Path, "good", nameof(PluginPack.AddStamper));
        var context = await LoadAndDisposeAsync();
        for (var i = 0; i < 10 && context.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(context.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference> LoadAndDisposeAsync()
    {
        var snapshot = await BuildAsync("good.dll", "stamper", []);
        var context = new WeakReference(AssemblyLoadContext.All.Single(c => c.Name == "plug-in good.dll" && c.Assemblies.Any(IsOurs)));
        await snapshot!.DisposeAsync();
        return context;

        bool IsOurs(System.Reflection.Assembly assembly) => assembly.GetName().Name == "good";
    }

    private async Task<GatewaySnapshot?> BuildAsync(string plugin, string type, ConfigProblems problems)
    {
        await File.WriteAllTextAsync(_folder.PathOf("config.toml"), $"""
            [proxy]
            name = "case"
            primary_provider = "local"
            [network.main.http]
            bind_address = "127.0.0.1"
            [pipelines.p]
            networks = ["main"]
            path = "/p"
            middleware = ["{type}"]

            [middleware_types.{type}]
            module = "{plugin}"
            """);
        var config = new ConfigLoader(problems, _ => null).Load(_folder.PathOf("config.toml"));
        return await new SnapshotBuilder(CaseModules.Registry, NullLoggerFactory.Instance, TimeProvider.System).BuildAsync(config, problems);
    }
}
