using Harmony.Core.Modules;
using Harmony.Imaging.Dicom;

namespace Harmony.Imaging.Services.DicomScp;

/// <summary>Where operations of DIMSE enter: one AE title on one port.</summary>
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

    /// <summary>Where the configuration says on which port it listens.</summary>
    public ListenerOrigin Origin { get; } = origin;
}
