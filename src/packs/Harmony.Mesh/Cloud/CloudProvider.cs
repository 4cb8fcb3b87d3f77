using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Storage;
using Harmony.Mesh.Providers;

namespace Harmony.Mesh.Cloud;

/// <summary>Finds the providers of a configuration that are asked over the network.</summary>
/// <param name="variables">Looks an environment variable up.</param>
public sealed class CloudProviderSource(Func<string, string?> variables) : IMeshProviderSource
{
    /// <inheritdoc/>
    public IMeshProvider? Find(string name, BuildEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var config = environment.Config;
        // A trial sends no requests: the sender of the files would learn the responses.
        if (config.Trial is not null || CloudSettings.Of(config, name, variables) is not { } settings) return null;
        var madeOf = (settings.Api, config.MainFile, config.Proxy.Egress);
        return environment.Carried.Get($"provider/{name}", madeOf, () => new CloudProvider(settings, config, variables, environment.Clock));
    }
}

/// <summary>
/// A provider behind the API of the Runbeam cloud. What references mean is remembered on the disk, so that the gateway starts and reloads while the cloud is
/// away; an answer younger than five minutes is not asked for again.
/// </summary>
internal sealed class CloudProvider : IMeshProvider, IDisposable
{
    private const int MaxUrls = 100;
    private const int MaxRemembered = 10_000;

    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    private readonly CloudSettings _settings;
    private readonly RunbeamApi _api;
    private readonly TokenStore _tokens;
    private readonly TimeProvider _clock;
    private readonly string? _file;
    private readonly ConcurrentDictionary<string, ProviderResource> _known;
    private readonly Lock _writing = new();

    /// <param name="settings">Where the cloud is.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="environment">Looks an environment variable up.</param>
    /// <param name="clock">Tells the time.</param>
    public CloudProvider(CloudSettings settings, ConfigSet config, Func<string, string?> environment, TimeProvider clock)
    {
        (_settings, _clock) = (settings, clock);
        _api = new RunbeamApi(settings, config, clock);
        _tokens = TokenStore.Of(config, environment);
        _file = StorageFolder.Of(config, "cloud") is { } folder ? Path.Combine(folder, $"resources-{settings.Provider}.json") : null;
        _known = new ConcurrentDictionary<string, ProviderResource>(Read(_file), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public Uri KeySetUrl => new(_settings.Api, ".well-known/jwks.json");

    /// <inheritdoc/>
    public async ValueTask<ProviderResource> ResolveAsync(ResourceReference reference, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var text = TextOf(reference);
        var known = _known.GetValueOrDefault(text);
        if (known?.ResolvedAt + Fresh > _clock.GetUtcNow()) return known!;
        try
        {
            var found = Resource(await _api.ResolveAsync(Token(), text, ct), reference);
            if (_known.Count < MaxRemembered) _known[text] = found;
            Write();
            return found;
        }
        catch (CloudException e) when (e.Failure == CloudFailure.NotFound)
        {
            _known.TryRemove(text, out _);
            Write();
            throw new MeshProviderException($"has no entry for '{text}'", e);
        }
        catch (Exception e) when (e is CloudException or TokenStoreException or MeshProviderException)
        {
            return known ?? throw new MeshProviderException($"cannot say what '{text}' means: {e.Message}", e)
            {
                RetryAfter = (e as CloudException)?.RetryAfter
            };
        }
        catch (OperationCanceledException) when (known is not null)
        {
            return known; // a cloud that is slow is away
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ProviderToken> IssueAsync(string meshId, Uri destination, CancellationToken ct)
    {
        try
        {
            var (token, expires) = await _api.MeshTokenAsync(Token(), meshId, destination, ct);
            return new ProviderToken(token, expires);
        }
        catch (Exception e) when (e is CloudException or TokenStoreException)
        {
            throw new MeshProviderException($"made no token: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _api.Dispose();

    private MachineToken Token()
    {
        if (_tokens.Load() is not { } token) throw new MeshProviderException("does not know this gateway; run: harmony cloud authorize");
        if (token.Expires > _clock.GetUtcNow()) return token;
        throw new MeshProviderException("no longer accepts this gateway, because its token has expired; run: harmony cloud authorize");
    }

    private static string TextOf(ResourceReference reference)
    {
        var by = reference.IsId || reference.Type is null ? "id" : "name";
        return string.Join('.', new[] { reference.Provider, reference.Team, reference.Type, by, reference.Value }.Where(p => p is not null));
    }

    private ProviderResource Resource(JsonObject data, ResourceReference reference)
    {
        var type = RunbeamApi.Text(data["type"]) ?? reference.Type ?? "";
        if (reference.Type is { } wanted && type != wanted)
        {
            throw new CloudException(CloudFailure.Malformed, $"the provider says that it is of type '{type}', not '{wanted}'");
        }

        return new ProviderResource(type, RunbeamApi.Text(data["name"]) ?? reference.Value)
        {
            Id = RunbeamApi.Text(data["id"]),
            Urls = [.. MachineToken.Texts(data["urls"]).Where(IsUrl).Take(MaxUrls)],
            Audience = RunbeamApi.Text(data["audience"]),
            Origin = _api.Host,
            ResolvedAt = _clock.GetUtcNow(),
        };
    }

    private static bool IsUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0;

    private static Dictionary<string, ProviderResource> Read(string? file)
    {
        try
        {
            return file is not null && OwnFile.Read(file) is { } bytes ? JsonSerializer.Deserialize<Dictionary<string, ProviderResource>>(bytes) ?? [] : [];
        }
        catch (Exception e) when (e is JsonException or TokenStoreException)
        {
            return []; // asked for again
        }
    }

    /// <summary>References that cannot be kept are resolved again at the next start.</summary>
    private void Write()
    {
        if (_file is null) return;
        try
        {
            lock (_writing) OwnFile.Write(_file, JsonSerializer.SerializeToUtf8Bytes(_known.ToDictionary()));
        }
        catch (TokenStoreException)
        {
            // The answer itself is as good.
        }
    }
}
