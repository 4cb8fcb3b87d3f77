using Harmony.Core.Configuration;

namespace Harmony.Imaging.Middleware.DicomToDicomWeb;

/// <summary><c>[middleware.NAME.options]</c> of a <c>dicom_to_dicomweb</c>: it has none.</summary>
public sealed record DicomToDicomWebOptions : ConfigNode;
