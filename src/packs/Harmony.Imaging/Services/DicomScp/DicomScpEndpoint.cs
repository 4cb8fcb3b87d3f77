using Harmony.Core.Modules;
using Harmony.Imaging.Dicom;

namespace Harmony.Imaging.Services.DicomScp;

/// <summary>Endpoint for DIMSE operations: an AE title on a port.</summary>
internal sealed class DicomScpEndpoint(string name, ScpSettings settings, ListenerOrigin origin) : IEndpoint
{
    /// <summary>Value of <see cref="IEndpoint.Protocol"/>.</summary>
    public const string ProtocolName = "dimse";

    public string Protocol => ProtocolName;

    public IReadOnlyList<EndpointRoute> Routes => [];

    public bool StaysClosed => Settings.StaysClosed;

    public IReadOnlyList<string> Words { get; } =
    [
        $"AE title {settings.AeTitle}{(settings.RequiresCalledAeTitle ? "" : ", or any other")}: "
            + $"{string.Join(", ", settings.Operations.Order().Select(o => o.CommandName()).Concat(settings.Commits ? ["storage commitment"] : []))}",
    ];

    /// <summary>Its name in the configuration.</summary>
    public string Name { get; } = name;

    /// <summary>What it serves.</summary>
    public ScpSettings Settings { get; } = settings;

    /// <summary>Location of the port in the configuration.</summary>
    public ListenerOrigin Origin { get; } = origin;
}
