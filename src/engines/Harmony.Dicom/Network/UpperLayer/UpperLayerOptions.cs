using Harmony.Dicom.Network.Pdus;

namespace Harmony.Dicom.Network.UpperLayer;

/// <summary>Times and limits, as those of acceptors and clients say them.</summary>
internal sealed record UpperLayerOptions(TimeSpan Artim, TimeSpan SendTimeout, int MaxPduLength, int MaxSentPduLength, PduLimits Limits, TimeProvider TimeProvider);
