using System.Globalization;
using System.IO.Compression;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Storage;
using Harmony.Http.Quic;
using Harmony.Http.Services.Http;
using Harmony.Jmix;
using Harmony.Jmix.Model;
using Harmony.Jmix.Packaging;
using Harmony.Jmix.Reading;
using Harmony.Packages.JmixBuilder;
using Harmony.Packages.Store;

namespace Harmony.Packages.Jmix;

/// <summary><c>[backends.NAME.options]</c> of a <c>jmix_backend</c>: those of an <c>http</c> backend, and these.</summary>
public sealed record JmixBackendOptions : HttpBackendOptions
{
    /// <summary>
    /// Whether the gateway adds entries to the end of the <c>audit.json</c> of uploaded packages: <c>received</c> and
    /// <c>forwarded</c>. A package is then forwarded when its last byte has come, as a zip. Resumable uploads and downloads pass as they are.
    /// </summary>
    public bool Audit { get; init; }

    /// <summary>Identifier of the gateway in those entries.</summary>
    [NotEmpty]
    public string SenderId { get; init; } = "org:harmony-proxy";

    /// <summary>Name of the gateway in those entries.</summary>
    [NotEmpty]
    public string SenderName { get; init; } = "Harmony Proxy";

    /// <summary>Bytes that an audited package may unpack to.</summary>
    [AllowedRange(1)]
    public long MaxUnpackedBytes { get; init; } = 64L << 30;
}

/// <summary>
/// Another server of JMIX packages: an <c>http</c> backend that keeps the paths of a <c>jmix</c> endpoint, rewrites locations to the gateway, and can add
/// entries to the audit trail of uploaded packages.
/// </summary>
internal sealed class JmixBackend : IBackend, IAsyncDisposable
{
    private const string Api = "/api/jmix";

    private static readonly string[] Locations = ["location", "content-location"];

    private readonly HttpBackend _http;
    private readonly JmixBackendOptions _options;
    private readonly PackageStore? _passing;
    private readonly TimeProvider _clock;

    private JmixBackend(HttpBackend http, JmixBackendOptions options, PackageStore? passing, TimeProvider clock)
        => (_http, _options, _passing, _clock) = (http, options, passing, clock);

    public IReadOnlyList<string> Targets => _http.Targets;

    public bool AsksDeparture => true;

    public IReadOnlyList<ITarget> LiveTargets => _http.LiveTargets;

    public BackendFacts Facts => _http.Facts;

    public static JmixBackend? Create(JmixBackendOptions options, BackendContext context)
    {
        if (HttpBackend.Create(options, context, QuicSupport.OfThisMachine) is not { } http) return null;
        var clock = context.Environment.Clock;
        var folder = Path.Combine(StateFolder.Of(context.Config.Storage.Options), "jmix-passing");
        var passing = options.Audit ? PackageStore.Use(folder, clock, context.Environment.Loggers.CreateLogger("harmony.jmix")) : null;
        return new JmixBackend(http, options, passing, clock);
    }

    public IReadOnlyList<string> Forecast(RequestEnvelope request)
    {
        Address(request);
        return _http.Forecast(request);
    }

    public void Activate() => _http.Activate();

    public void Deactivate() => _http.Deactivate();

    public async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
    {
        Address(request);
        if (_passing is not null && IsUpload(request) && await AuditAsync(_passing, request, ct) is { } refusal) return refusal;
        var response = await _http.SendAsync(request, ct);
        LeadBack(request, response);
        return response;
    }

    public async ValueTask DisposeAsync()
    {
        await _http.DisposeAsync();
        _passing?.Dispose();
    }

    /// <summary>Puts <c>/api/jmix</c>, which a <c>jmix</c> endpoint takes off as its prefix, in front of the path again.</summary>
    private static void Address(RequestEnvelope request)
    {
        if (request.Feature<JmixCall>() is not null && !request.PathBelowPrefix.StartsWith(Api, StringComparison.Ordinal))
            request.PathBelowPrefix = Api + request.PathBelowPrefix;
    }

    /// <summary>Whether a client uploads a package. A delivery of <c>jmix_builder</c> is none: that middleware writes the audit trail itself.</summary>
    private static bool IsUpload(RequestEnvelope request)
        => request.Method == "POST" && request.PathBelowPrefix.TrimEnd('/') == Api && request.Feature<OwnDelivery>() is null;

    /// <summary>Rewrites locations of the server to the paths by which the client knows the gateway.</summary>
    private static void LeadBack(RequestEnvelope request, ResponseEnvelope response)
    {
        if (request.Path.LastIndexOf(Api, StringComparison.Ordinal) is not (>= 0 and var prefix)) return;
        foreach (var name in Locations)
        {
            if (response.Headers[name] is { } place && place.LastIndexOf($"{Api}/", StringComparison.Ordinal) is >= 0 and var at)
                response.Headers.Set(name, string.Concat(request.Path.AsSpan(0, prefix), place.AsSpan(at)));
        }
    }

    /// <summary>Replaces the body by the package with two more entries in its audit trail.</summary>
    /// <returns>The refusal if the body is no package; null if the request can go on.</returns>
    private async ValueTask<ResponseEnvelope?> AuditAsync(PackageStore passing, RequestEnvelope request, CancellationToken ct)
    {
        var received = Entry("received");
        var audited = passing.Create(isTemporary: true);
        var isReady = false;
        try
        {
            await using var archive = passing.Create(isTemporary: true);
            await using (var body = request.Body.OpenStream()) await body.CopyToAsync(archive, ct);
            await archive.FlushAsync(ct);
            using var files = await PackageFiles.OpenAsync(archive.Name, new UnpackLimits { MaxBytes = _options.MaxUnpackedBytes }, passing.Incoming, ct);
            await using (var sink = new ZipSink(audited, CompressionLevel.Fastest))
                await PackageCopy.WriteAsync(files, sink, [received, Entry("forwarded")], ct);
            await audited.FlushAsync(ct);
            audited.Position = 0;
            request.Headers.Set("content-type", "application/zip");
            request.Headers.Set("content-length", audited.Length.ToString(CultureInfo.InvariantCulture));
            request.Body.Replace(new PassingSource(audited));
            isReady = true;
            return null;
        }
        catch (JmixException e)
        {
            return JmixResponses.Refused(request, e);
        }
        catch (Exception e) when (e is IOException and not EndOfStreamException or UnauthorizedAccessException)
        {
            throw passing.Fault(e);
        }
        finally
        {
            if (!isReady) await audited.DisposeAsync();
        }
    }

    private JmixAuditEntry Entry(string happened) => new(happened, _options.SenderId, _options.SenderName, _clock.GetUtcNow());

    /// <summary>A package that is forwarded; its file is deleted when the request has ended.</summary>
    private sealed class PassingSource(FileStream file) : WireSource(file, file.Length)
    {
        public override void Dispose()
        {
            file.Dispose();
            base.Dispose();
        }
    }
}
