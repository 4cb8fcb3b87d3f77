using Harmony.Http.Services.Targets;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary><c>[backends.NAME.options.health_check]</c> of <c>dicom_scu</c>: asks each target regularly whether it is well.</summary>
public sealed record DicomHealthCheckOptions : HealthCheckOptions
{
    /// <summary>What counts where a configuration says nothing: a PACS that goes at night is known to be gone within 40 s.</summary>
    internal static readonly DicomHealthCheckOptions Usual = new() { IntervalSecs = 30, UnhealthyThreshold = 1 };

    /// <summary>Whether targets are asked at all.</summary>
    public bool Enabled { get; init; } = true;
}
