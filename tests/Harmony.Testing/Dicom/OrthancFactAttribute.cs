using Harmony.Testing.Requirements;

namespace Harmony.Testing.Dicom;

/// <summary>A fact about Orthanc, skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OrthancFactAttribute() : PeerFactAttribute(OrthancPeer.Program);

/// <summary>A fact about Orthanc with its own DICOMweb, skipped where one of them is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OrthancWebFactAttribute() : PeerFactAttribute(OrthancPeer.Program, OrthancPeer.DicomWebPlugin);
