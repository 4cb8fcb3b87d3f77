using System.Collections.Frozen;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography;
using Harmony.Core.Building;
using Microsoft.Extensions.Logging;

namespace Harmony.Http.Tls;

/// <summary>
/// The certificates of a listener, ready to be shown: for each, made once, all that a handshake needs. Chosen by the host name a client
/// asks for (SNI, RFC 6066 §3): its own name, then a wildcard for its first label, then the default.
/// </summary>
internal sealed class ServerCertificates
{
    private static readonly Oid ClientAuthenticationUse = new("1.3.6.1.5.5.7.3.2");

    private readonly SslServerAuthenticationOptions _default;
    private readonly FrozenDictionary<string, SslServerAuthenticationOptions> _byName;
    private readonly FrozenDictionary<string, SslServerAuthenticationOptions> _bySuffix;

    private ServerCertificates(List<Loaded> all)
    {
        _default = all[0].Options;
        var byName = new Dictionary<string, SslServerAuthenticationOptions>(StringComparer.OrdinalIgnoreCase);
        var bySuffix = new Dictionary<string, SslServerAuthenticationOptions>(StringComparer.OrdinalIgnoreCase);
        foreach (var (certificate, _, options) in all)
        {
            foreach (var name in Certificates.HostNames(certificate))
            {
                if (name.StartsWith("*.", StringComparison.Ordinal)) bySuffix.TryAdd(name[1..], options);
                else byName.TryAdd(name, options);
            }
        }

        _byName = byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _bySuffix = bySuffix.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        var (first, file) = all.Select(c => (c.Certificate, c.File)).MinBy(c => c.Certificate.NotAfter);
        (ExpiresAt, FirstToExpire) = (new DateTimeOffset(first.NotAfter), file);
    }

    /// <summary>When the first of them expires.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>The file of that one.</summary>
    public string FirstToExpire { get; }

    /// <exception cref="CertificateException">A file does not hold what it should.</exception>
    public static ServerCertificates Of(TlsFileContents contents, TlsSettings settings, IReadOnlyList<SslApplicationProtocol> protocols)
    {
        var clients = contents.ClientAuthorities is { } authorities ? PolicyFor(Certificates.ParseAll(authorities)) : null;
        var all = new List<Loaded>();
        foreach (var (file, key) in contents.Pairs)
        {
            var certificate = Certificates.Parse(file, key);
            // Offline: missing intermediate certificates are not fetched over the network, they are in the file.
            var context = SslStreamCertificateContext.Create(certificate, Certificates.ParseAll(file), offline: true);
            all.Add(new Loaded(certificate, file.Name, OptionsOf(context, clients, settings, protocols)));
        }

        return new ServerCertificates(all);
    }

    /// <summary>What a handshake with a client takes that asks for <paramref name="host"/>; null or empty when it asks for none.</summary>
    public SslServerAuthenticationOptions For(string? host)
    {
        if (string.IsNullOrEmpty(host)) return _default;
        if (_byName.TryGetValue(host, out var found)) return found;
        var dot = host.IndexOf('.');
        return dot > 0 && _bySuffix.TryGetValue(host[dot..], out found) ? found : _default;
    }

    private static SslServerAuthenticationOptions OptionsOf(
        SslStreamCertificateContext context, X509ChainPolicy? clients, TlsSettings settings, IReadOnlyList<SslApplicationProtocol> protocols)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = context,
            ApplicationProtocols = [.. protocols],
#pragma warning disable CA5398 // older versions are what must not be spoken, whatever the system allows
            EnabledSslProtocols = settings.OnlyTls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning restore CA5398
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (clients is null) return options;
        var required = settings.ClientAuthentication == ClientAuthentication.Require;
        options.ClientCertificateRequired = true; // asks for one; the callback says whether there must be one
        options.CertificateChainPolicy = clients;
        options.RemoteCertificateValidationCallback = (_, certificate, chain, errors)
            => certificate is null ? !required : errors == SslPolicyErrors.None && chain is not null && CertificateStrength.IsStrong(chain);
        // A session that is taken up again would pass by authorities that have changed since.
        options.AllowTlsResume = false;
        return options;
    }

    /// <summary>These authorities and no others, for certificates that are meant for clients (RFC 5280 §4.2.1.12).</summary>
    private static X509ChainPolicy PolicyFor(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(ClientAuthenticationUse);
        return policy;
    }

    private sealed record Loaded(X509Certificate2 Certificate, string File, SslServerAuthenticationOptions Options);
}

/// <summary>Log messages about certificates of listeners, ids 2200 to 2299, target <c>harmony.tls</c>.</summary>
internal static partial class TlsLog
{
    [LoggerMessage(EventId = 2201, Level = LogLevel.Information,
        Message = "network '{Network}' uses new certificates from its files; the first expires on {Until:yyyy-MM-dd}")]
    public static partial void Renewed(ILogger logger, string network, DateTime until);

    [LoggerMessage(EventId = 2202, Level = LogLevel.Error,
        Message = "network '{Network}' keeps its certificates, because the new certificates in its files cannot be used: {Reason}")]
    public static partial void Refused(ILogger logger, string network, string reason);
}
