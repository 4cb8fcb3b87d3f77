using Harmony.Core.Configuration;

namespace Harmony.Imaging.Middleware.DicomFlatten;

/// <summary><c>[middleware.NAME.options]</c> of <c>dicom_flatten</c> and <c>dicom_unflatten</c>.</summary>
public sealed record DicomFlattenOptions : ConfigNode
{
    /// <summary>Where it works when a pipeline lists it once for both ways: on requests (<c>left</c>), on responses (<c>right</c>), or on both.</summary>
    [AllowedValues("left", "right", "both")]
    public string Apply { get; init; } = "both";
}
