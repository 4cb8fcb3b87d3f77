using System.Net;
using System.Net.Security;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Modules.Dicom;
using Harmony.Modules.Services.DicomScu.Receiving;
using Harmony.Modules.Services.Http.Targets;
using Harmony.Modules.Tls;

namespace Harmony.Modules.Services.DicomScu;

/// <summary>Finds out which system a backend asks: options over the backend's connection over the target. What is wrong goes to the context's problems.</summary>
internal sealed class DicomNodeBuilder(DicomScuOptions options, BackendContext context)
{
    private const int DefaultTimeoutSecs = 30;

    /// <summary>What is trusted and shown in TLS; null without.</summary>
    public SslClientAuthenticationOptions? Tls { get; private set; }

    /// <summary>Where objects of moves come in.</summary>
    public IncomingPortSettings Incoming
        => new(options.IncomingStoreAddress == "localhost" ? IPAddress.Loopback : IPAddress.Parse(options.IncomingStoreAddress), options.IncomingStorePort, IncomingTls is null ? null : Fingerprint(Tls!));

    /// <summary>
    /// TLS for objects of moves: with the certificate that is shown to the other side, and those are let in whom the configured authority vouches for.
    /// Null where nothing can be shown.
    /// </summary>
    public SslServerAuthenticationOptions? IncomingTls => Tls?.ClientCertificateContext is not { } shown ? null : new SslServerAuthenticationOptions
    {
        ServerCertificateContext = shown,
        ClientCertificateRequired = Tls.CertificateChainPolicy is not null,
        CertificateChainPolicy = Tls.CertificateChainPolicy,
    };

    public DicomNode? Build()
    {
        var problems = context.Problems;
        var remote = ConfiguredAeTitle.Check(options.Aet, "aet", options.LocationOf("aet"), problems);
        var local = ConfiguredAeTitle.Check(options.LocalAet, "local_aet", options.LocationOf("local_aet"), problems);
        if (context.Targets is not [var target])
        {
            problems.Error(context.Location, $"backend '{context.Name}' has several 'targets'; an AE title belongs to one system, so give it one");
            return null;
        }

        var isReceiver = options.IncomingStoreAddress == "localhost" || IPAddress.TryParse(options.IncomingStoreAddress, out _);
        if (!isReceiver) problems.Error(options.LocationOf("incoming_store_address"), $"'incoming_store_address' must be an IP address or localhost, not '{options.IncomingStoreAddress}'");
        var (host, port) = (HostOf(target), PortOf(target));
        var isSound = TryTls(target, host ?? "");
        if (remote is null || local is null || host is null || port is null || !isReceiver || !isSound) return null;
        return new DicomNode(target.Name, remote, host, port.Value, local, Tls is null ? null : Fingerprint(Tls))
        {
            MaxPdu = options.MaxPdu,
            ConnectTimeout = TimeSpan.FromSeconds(options.ConnectTimeoutSecs),
            Artim = TimeSpan.FromSeconds(options.ArtimSecs),
            Timeout = TimeSpan.FromSeconds(options.TimeoutSecs ?? target.TimeoutSecs ?? DefaultTimeoutSecs),
            MaxAssociations = options.MaxAssociations,
            Idle = TimeSpan.FromSeconds(options.AssociationIdleSecs),
        };
    }

    private string? HostOf(TargetSettings target)
    {
        var connection = target.Connection;
        if (options.Host is null && connection?.Protocol is { } protocol and not ("dicom" or "custom"))
        {
            context.Problems.Error(connection.LocationOf("protocol"), $"backend '{context.Name}' speaks DICOM; its target is of protocol '{protocol}'");
            return null;
        }

        if ((options.Host ?? connection?.Host) is not { } host)
        {
            context.Problems.Error(context.Location, $"backend '{context.Name}' does not say where to send; give it 'target_ref', a 'connection' with a host, or options.host");
            return null;
        }

        var bare = host is ['[', .. var inner, ']'] ? inner : host;
        if (Uri.CheckHostName(bare) != UriHostNameType.Unknown) return bare;
        var location = options.Host is not null ? options.LocationOf("host") : connection!.LocationOf("host");
        context.Problems.Error(location, $"'{host}' is not a host name or an IP address");
        return null;
    }

    private int? PortOf(TargetSettings target)
    {
        if ((options.Port ?? target.Connection?.Port) is { } port) return port;
        if ((options.Host ?? target.Connection?.Host) is not null)
        {
            context.Problems.Error(context.Location, $"backend '{context.Name}' does not say which port; give options.port, or 'port' of its connection");
        }

        return null;
    }

    private bool TryTls(TargetSettings target, string host)
    {
        var usesTls = options.UseTls ?? options.Tls is not null;
        var tls = new SslClientAuthenticationOptions { TargetHost = options.Tls?.ServerName ?? host };
        var paths = new ClientTlsPaths(options.Tls is null ? options : options.Tls, options.Tls?.CaCertPath, options.Tls?.ClientCertPath, options.Tls?.ClientKeyPath);
        var errorsBefore = Errors();
        new ClientTlsFiles(paths, context, ClientTlsWords.Dicom).AddTo(tls, target, usesTls);
        if (usesTls) Tls = tls;
        return Errors() == errorsBefore;
    }

    private static string Fingerprint(SslClientAuthenticationOptions tls) => $"{TargetPoolSettings.FingerprintOf(tls)} {tls.TargetHost}";

    private int Errors() => context.Problems.Count(p => p.Severity == ConfigSeverity.Error);
}
