using System.Net.Security;
using System.Net;
using Harmony.Core.Building;
using Harmony.Core.Modules;
using Harmony.Http.Services.Http.Targets;
using Microsoft.Extensions.Logging;

namespace Harmony.Imaging.Services.DicomScu.Receiving;

/// <summary>Finds the port on which objects of moves come in; one that another backend or the configuration before has opened is the same.</summary>
internal static class IncomingPortBuilder
{
    /// <param name="options">Says where.</param>
    /// <param name="node">Its TLS is that of the port; of several the first of the configuration.</param>
    /// <param name="environment">Holds the ports there are.</param>
    /// <param name="logger">Takes what is refused.</param>
    public static IncomingPort Build(DicomScuOptions options, BuiltNode node, BuildEnvironment environment, ILogger logger)
    {
        var ip = options.IncomingStoreAddress == "localhost" ? IPAddress.Loopback : IPAddress.Parse(options.IncomingStoreAddress);
        var tls = TlsOf(node.Tls);
        var settings = new IncomingPortSettings(ip, options.IncomingStorePort, tls is null ? null : TargetPoolSettings.FingerprintOf(node.Tls!));
        return environment.Carried.Get("dicom_scu/incoming", settings, () => new IncomingPort(settings, tls, environment.Clock, logger));
    }

    /// <summary>
    /// With the certificate that is shown to the other side; those are let in whom the configured authority vouches for. Null where nothing can
    /// be shown.
    /// </summary>
    private static SslServerAuthenticationOptions? TlsOf(SslClientAuthenticationOptions? tls)
        => tls?.ClientCertificateContext is not { } shown ? null : new SslServerAuthenticationOptions
        {
            ServerCertificateContext = shown,
            ClientCertificateRequired = tls.CertificateChainPolicy is not null,
            CertificateChainPolicy = tls.CertificateChainPolicy,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => certificate is null
                ? tls.CertificateChainPolicy is null
                : errors == SslPolicyErrors.None && chain is not null && CertificateStrength.IsStrong(chain),
        };
}
