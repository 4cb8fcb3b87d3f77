using System.IO.Compression;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Jmix;
using Harmony.Jmix.Model;
using Harmony.Jmix.Packaging;
using Harmony.Jmix.Security;
using Harmony.Packages.Jmix;

namespace Harmony.Packages.JmixBuilder;

/// <summary>How a middleware builds packages: its options and its keys, read when the configuration is loaded.</summary>
internal sealed class PackageSettings : IDisposable
{
    private readonly JmixBuilderOptions _options;
    private readonly SigningKeyPair? _signer;
    private readonly byte[]? _recipient;
    private readonly TimeProvider _clock;

    private PackageSettings(JmixBuilderOptions options, SigningKeyPair? signer, byte[]? recipient, TimeProvider clock)
        => (_options, _signer, _recipient, _clock) = (options, signer, recipient, clock);

    /// <summary>Reads the keys; errors of the files go to the problems of the context.</summary>
    public static PackageSettings? Create(JmixBuilderOptions options, MiddlewareContext context)
    {
        var signer = Read(options.SignWith, "sign_with", SigningKeyPair.Read);
        var recipient = Read(options.EncryptFor, "encrypt_for", PublicKeyFile.Read);
        var isMissing = (options.SignWith is not null && signer is null) || (options.EncryptFor is not null && recipient is null);
        return isMissing ? null : new PackageSettings(options, signer, recipient, context.Environment.Clock);

        T? Read<T>(string? path, string key, KeyReader<T> read)
            where T : class
        {
            if (path is null) return null;
            try
            {
                return read(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(context.Config.MainFile) ?? "", path)));
            }
            catch (Exception e) when (e is JmixException || Readable.IsReadFailure(e))
            {
                var reason = e is JmixException ? e.Message : Readable.Reason(e);
                context.Problems.Error(options.LocationOf(key), $"'{key}' of middleware '{context.Name}': {reason}");
                return null;
            }
        }
    }

    /// <summary>The options of one package.</summary>
    /// <param name="endpoint">The options of the <c>jmix</c> endpoint, which have precedence; null for a request of another endpoint.</param>
    public JmixBuildOptions Options(JmixEndpointOptions? endpoint) => new(
        new JmixEntity(_options.SenderId, _options.SenderName) { SigningKey = _signer }, [new JmixEntity(_options.ReceiverId)])
    {
        Requester = new JmixEntity(_options.SenderId, _options.SenderName),
        Classification = _options.Classification switch
        {
            "confidential" => JmixClassification.Confidential,
            "sensitive" => JmixClassification.Sensitive,
            _ => JmixClassification.DeIdentified,
        },
        Dialect = JmixDialect.Find(_options.Form)!,
        RecipientKey = _recipient,
        ManifestKey = _signer,
        SkipHashing = endpoint?.SkipHashing ?? _options.SkipHashing,
        SkipListing = endpoint?.SkipListing ?? _options.SkipListing,
        Clock = _clock,
    };

    /// <summary>Whether uploaded packages are forwarded to the backend.</summary>
    public bool Forwards => _options.Forward;

    /// <summary>Whether the gateway adds entries to the audit trail of packages.</summary>
    public bool Audits => _options.Audit;

    /// <summary>The limits of uploaded packages.</summary>
    public UnpackLimits Limits => new() { MaxBytes = _options.MaxUnpackedBytes };

    /// <summary>An entry of the audit trail, by this gateway and with the present time.</summary>
    /// <param name="happened"><c>received</c>, <c>stored</c>, <c>sent</c> or <c>forwarded</c>.</param>
    public JmixAuditEntry Entry(string happened) => new(happened, _options.SenderId, _options.SenderName, _clock.GetUtcNow());

    /// <summary>Whether an audit trail says that this gateway received the package; false for a package that this gateway built.</summary>
    public bool WasReceived(JsonNode? audit)
        => audit?["audit"] is JsonArray entries && entries.Any(e => (string?)e?["event"] == "received" && (string?)e["by"]?["id"] == _options.SenderId);

    /// <summary>A zip sink with the compression of the options.</summary>
    public ZipSink Sink(Stream output) => new(output, _options.Compression == "store" ? null : CompressionLevel.Fastest);

    public void Dispose() => _signer?.Dispose();

    private delegate T KeyReader<out T>(ReadOnlySpan<byte> file);
}
