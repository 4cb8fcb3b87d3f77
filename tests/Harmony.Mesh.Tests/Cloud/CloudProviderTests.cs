using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Mesh.Cloud;
using Harmony.Mesh.Providers;
using Harmony.Testing;
using Harmony.Testing.Runbeam;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Mesh.Tests.Cloud;

/// <summary>What references mean is asked of the cloud, and remembered while it is away.</summary>
public sealed class CloudProviderTests : IDisposable
{
    private const string Reference = "runbeam.imaging.ingress.name.fhir";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reference_IsResolved_AndSurvivesAnOutageAndARestart()
    {
        var clock = new TestTimeProvider();
        await using var stand = await RunbeamStand.StartAsync(clock);
        stand.Resources[Reference] = JsonNode.Parse("""{"type":"ingress","id":"in-1","name":"fhir","urls":["https://far.example.org/r4","file:///etc/x","https://u:p@far.example.org/"]}""")!.AsObject();
        var provider = Provider(stand, clock);
        var found = await provider.ResolveAsync(Parsed(Reference), Guard.Token);
        Assert.Equal(("ingress", "fhir", "in-1"), (found.Type, found.Name, found.Id));
        Assert.Equal(["https://far.example.org/r4"], found.Urls);
        Assert.Equal(stand.Url.Authority, found.Origin);

        stand.Interfere = context => { context.Abort(); return Task.FromResult(true); };
        await provider.ResolveAsync(Parsed(Reference), Guard.Token); // still fresh, and not asked for
        clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal(found.ResolvedAt, (await provider.ResolveAsync(Parsed(Reference), Guard.Token)).ResolvedAt);
        Assert.Equal("in-1", (await Provider(stand, clock).ResolveAsync(Parsed(Reference), Guard.Token)).Id);
        var unknown =
            await Assert.ThrowsAsync<MeshProviderException>(() => provider.ResolveAsync(Parsed("runbeam.imaging.ingress.name.other"), Guard.Token).AsTask());
        Assert.DoesNotContain("planted", unknown.Message, StringComparison.Ordinal);

        stand.Interfere = null;
        stand.Resources.Clear();
        clock.Advance(TimeSpan.FromHours(5));
        // the cloud says that there is none
        await Assert.ThrowsAsync<MeshProviderException>(() => provider.ResolveAsync(Parsed(Reference), Guard.Token).AsTask());
    }

    /// <summary>Nobody waits for a slow cloud longer than the one who asks: what is remembered counts.</summary>
    [Fact]
    public async Task SlowCloud_IsAway()
    {
        var clock = new TestTimeProvider();
        await using var stand = await RunbeamStand.StartAsync(clock);
        stand.Resources[Reference] = JsonNode.Parse("""{"type":"ingress","id":"in-1","name":"fhir","urls":["https://far.example.org/r4"]}""")!.AsObject();
        var provider = Provider(stand, clock);
        await provider.ResolveAsync(Parsed(Reference), Guard.Token);
        clock.Advance(TimeSpan.FromHours(5));

        using var patience = new CancellationTokenSource();
        stand.Interfere = async context =>
        {
            await patience.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        Assert.Equal("in-1", (await provider.ResolveAsync(Parsed(Reference), patience.Token)).Id);
        using var again = new CancellationTokenSource();
        await again.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => provider.ResolveAsync(Parsed("runbeam.imaging.ingress.name.other"), again.Token).AsTask());
    }

    [Fact]
    public async Task MeshToken_IsMadeByTheCloud()
    {
        await using var stand = await RunbeamStand.StartAsync();
        var provider = Provider(stand, TimeProvider.System);
        var token = await provider.IssueAsync("clinics", new Uri("https://far.example.org/r4"), Guard.Token);
        Assert.True(token.Expires > TimeProvider.System.GetUtcNow());
        Assert.Equal(3, token.Value.Split('.').Length);
        Assert.Equal(new Uri(stand.Url, ".well-known/jwks.json"), provider.KeySetUrl);
        stand.Tokens.Clear();
        await Assert.ThrowsAsync<MeshProviderException>(() => provider.IssueAsync("clinics", new Uri("https://far.example.org/r4"), Guard.Token).AsTask());
    }

    [Fact]
    public async Task WithoutAToken_ItSaysWhatToDo()
    {
        await using var stand = await RunbeamStand.StartAsync();
        var provider = Provider(stand, TimeProvider.System, isAuthorized: false);
        var refused = await Assert.ThrowsAsync<MeshProviderException>(() => provider.ResolveAsync(Parsed(Reference), Guard.Token).AsTask());
        Assert.Contains("harmony cloud authorize", refused.Message, StringComparison.Ordinal);
        Assert.Empty(stand.Requests);
    }

    [Fact]
    public async Task Source_KnowsTheProvidersOfTheConfiguration()
    {
        await using var stand = await RunbeamStand.StartAsync();
        var environment = new BuildEnvironment(Config(stand), NullLoggerFactory.Instance, TimeProvider.System);
        var source = new CloudProviderSource(_ => null);
        Assert.NotNull(source.Find("runbeam", environment));
        Assert.Same(source.Find("runbeam", environment), source.Find("runbeam", environment));
        Assert.Null(source.Find("local", environment));
        Assert.Null(source.Find("acme", environment));
    }

    private CloudProvider Provider(RunbeamStand stand, TimeProvider clock, bool isAuthorized = true)
    {
        var config = Config(stand);
        var token = stand.NewToken().ToJsonString();
        Func<string, string?> environment = name => isAuthorized && name == "RUNBEAM_MACHINE_TOKEN" ? token : null;
        return new CloudProvider(CloudSettings.Of(config, environment)!, config, environment, clock);
    }

    private ConfigSet Config(RunbeamStand stand) => new ConfigLoader([], _ => null).Load(_folder.Write("config.toml", $"""
        [proxy]
        name = "t"
        [provider.runbeam]
        api = "{stand.Url}"
        [storage.options]
        path = '{_folder.PathOf("storage")}'
        """));

    private static ResourceReference Parsed(string text) => ResourceReference.Parse(text, out _)!;
}
