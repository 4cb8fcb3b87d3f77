using Harmony.Dicom.Network;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary>All associations that there may be with a system were in use for as long as may be waited. That says nothing of the system.</summary>
/// <param name="wait">The time.</param>
internal sealed class AssociationsBusyException(TimeSpan wait) : DicomNetworkException($"no association was free within {wait.TotalSeconds:0.###} s");
