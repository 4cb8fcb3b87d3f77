using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Scp;
using Harmony.Http.Tls;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Answers;
using Harmony.Imaging.Dicom.Transcoding;

namespace Harmony.Imaging.Services.DicomScp;

/// <summary>Settles the options of a <c>dicom_scp</c> endpoint. Of places that give host and port, the most special counts: options, endpoint, peer.</summary>
internal sealed class DicomScpBuilder(DicomScpOptions options, EndpointContext context)
{
    private const int DefaultPort = 11112;

    private static readonly HashSet<string> Commitment = [Uid.StorageCommitmentPushModelSOPClass];

    private readonly ConfigProblems _problems = [];
    private bool _areFilesUnusable;

    /// <summary>Builds an endpoint; null when the problems got an error.</summary>
    public static DicomScpEndpoint? Create(DicomScpOptions options, EndpointContext context) => new DicomScpBuilder(options, context).Build();

    private DicomScpEndpoint? Build()
    {
        var title = ConfiguredAeTitle.Check(options.LocalAet, "local_aet", options.LocationOf("local_aet"), _problems) ?? "";
        var connection = options.Connection?.Or(context.Connection) ?? context.Connection;
        var address = options.Connection?.Host ?? options.BindAddr ?? context.Connection?.Host;
        if (address is not null && address != "localhost" && !Addresses.TryParse(address, out _))
        {
            _problems.Error(options.Gives("bind_addr") ? options.LocationOf("bind_addr") : connection?.LocationOf("host") ?? options.Location,
                $"endpoint '{context.Name}' must listen on an IP address or localhost, not '{address}'");
        }

        var operations = Operations();
        if (operations.Count == 0 && !options.EnableCommit)
        {
            _problems.Error(options.Location,
                $"endpoint '{context.Name}' takes no operation; set enable_echo, enable_store, enable_find, enable_get, enable_move or enable_commit");
        }

        var settings = new ScpSettings
        {
            AeTitle = title,
            RequiresCalledAeTitle = options.RequireCalledAet,
            Address = address,
            Port = options.Connection?.Port ?? options.Port ?? context.Connection?.Port ?? DefaultPort,
            Tls = options.Tls is null ? null : TlsOf(options.Tls),
            StaysClosed = _areFilesUnusable,
            HandshakeTimeout = TimeSpan.FromSeconds(options.Tls?.HandshakeTimeoutSecs ?? 10),
            Acceptor = Acceptor(title, operations),
            Operations = operations,
            Commits = options.EnableCommit,
            MaxResults = options.MaxResults == 0 ? null : options.MaxResults,
            MaxHeader = options.MaxHeaderSize,
            MaxBody = context.Environment.Limits.MaxBodySize,
            WorkFolder = RetrievalFolders.Root(options.StorageDir, context.Config),
            Transcoding = ObjectTranscoding.Create(options, context, _problems),
            Destinations = MoveDestinations.Of(options.AetTable, title, context, _problems),
        };
        foreach (var problem in _problems) context.Problems.Add(problem);
        return _problems.HasErrors ? null : new DicomScpEndpoint(context.Name, settings, new ListenerOrigin(PortLocation()));
    }

    private SourceLocation PortLocation()
        => options.Connection?.Port is not null ? options.Connection.LocationOf("port")
        : options.Port is not null ? options.LocationOf("port")
        : context.Connection?.Port is not null ? context.Connection.LocationOf("port")
        : context.Location;

    private HashSet<DimseOperation> Operations()
    {
        var result = new HashSet<DimseOperation>();
        if (options.EnableEcho) result.Add(DimseOperation.Echo);
        if (options.EnableStore) result.Add(DimseOperation.Store);
        if (options.EnableFind) result.Add(DimseOperation.Find);
        if (options.EnableGet) result.Add(DimseOperation.Get);
        if (options.EnableMove) result.Add(DimseOperation.Move);
        return result;
    }

    private AcceptorOptions Acceptor(string title, HashSet<DimseOperation> operations) => new()
    {
        Policy = new NegotiationPolicy
        {
            CalledAeTitles = options.RequireCalledAet ? new HashSet<string>(StringComparer.Ordinal) { title } : null,
            CallingAeTitles = options.AllowedCallingAets.Count == 0 ? null : CallingAeTitles(),
            SopClasses = options.AcceptedSopClasses.Count == 0 ? null : SopClasses(operations),
            NormalizedSopClasses = Commitment,
            AcceptsAllStorage = options.AcceptedSopClasses.Count == 0,
            TransferSyntaxes = options.TransferSyntaxes.Count == 0 ? null : Syntaxes(),
        },
        MaxAssociations = options.MaxAssociations,
        MaxPduLength = options.MaxPdu,
        MaxIdentifierLength = options.MaxIdentifierSize,
        ChecksObjects = options.CheckObjectUids,
        Artim = TimeSpan.FromSeconds(options.ArtimSecs),
        IdleTimeout = Seconds(options.IdleTimeoutSecs),
        OperationTimeout = Seconds(options.OperationTimeoutSecs),
        TimeProvider = context.Environment.Clock,
    };

    private static TimeSpan Seconds(int seconds) => seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);

    private HashSet<string> CallingAeTitles()
    {
        var result = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < options.AllowedCallingAets.Count; i++)
        {
            if (ConfiguredAeTitle.Check(options.AllowedCallingAets[i], "allowed_calling_aets", options.LocationOf("allowed_calling_aets", i),
                _problems) is { } title) result.Add(title);
        }

        return result;
    }

    /// <summary>The listed SOP classes, and those that the enabled operations need.</summary>
    private HashSet<string> SopClasses(HashSet<DimseOperation> operations)
    {
        var result = operations.SelectMany(InformationModels.Of).ToHashSet(StringComparer.Ordinal);
        if (options.EnableCommit) result.UnionWith(Commitment);
        for (var i = 0; i < options.AcceptedSopClasses.Count; i++)
        {
            var named = options.AcceptedSopClasses[i];
            if (InformationModels.SopClass(named) is { } uid) result.Add(uid);
            else _problems.Error(
                options.LocationOf("accepted_sop_classes", i), $"'{named}' is neither a UID nor the keyword of a SOP class, such as CTImageStorage");
        }

        return result;
    }

    private List<TransferSyntax> Syntaxes()
    {
        var result = new List<TransferSyntax>();
        for (var i = 0; i < options.TransferSyntaxes.Count; i++)
        {
            var named = options.TransferSyntaxes[i];
            if (InformationModels.Syntax(named) is { } syntax) result.Add(syntax);
            else _problems.Error(
                options.LocationOf("transfer_syntaxes", i), $"'{named}' is neither a UID nor the keyword of a transfer syntax, such as ExplicitVRLittleEndian");
        }

        return result;
    }

    private TlsSettings? TlsOf(DicomScpTlsOptions tls)
    {
        if (tls.IsFaulty) return null;
        var checks = new CertificateChecks(context.Environment, _problems, (location, reason) =>
        {
            _problems.Gap(location, $"{reason}; endpoint '{context.Name}' stays closed");
            _areFilesUnusable = true;
        });
        checks.Check(tls, tls.CertPath, tls.KeyPath);
        if (tls.ClientCaPath is not null) checks.CheckAuthorities(tls.ClientCaPath, tls.LocationOf("client_ca_path"));
        else if (tls.ClientAuth is "request" or "require")
            _problems.Error(tls.LocationOf("client_auth"), "'client_auth' needs 'client_ca_path', the CA certificates that verify clients");
        var clients = TlsSettings.ClientsOf(tls.ClientAuth, tls.ClientCaPath);
        return new TlsSettings
        {
            Certificates = new CertificateFileList([new CertificateFiles(context.Environment.PathOf(tls.CertPath), context.Environment.PathOf(tls.KeyPath))]),
            OnlyTls13 = tls.TlsMinVersion == "1.3",
            ClientAuthentication = clients,
            ClientCaPath = clients == ClientAuthentication.None || tls.ClientCaPath is null ? null : context.Environment.PathOf(tls.ClientCaPath),
        };
    }
}
