namespace Harmony.Dicom.Network.Sessions;

/// <summary>Times and limits of messages.</summary>
/// <param name="IdleTimeout">How long the peer may say nothing when nothing is going on.</param>
/// <param name="ResponseTimeout">How long the peer may say nothing when a response is due.</param>
/// <param name="MaxIdentifierLength">The longest data set of a response.</param>
/// <param name="TimeProvider">The clock.</param>
internal sealed record SessionOptions(TimeSpan IdleTimeout, TimeSpan ResponseTimeout, int MaxIdentifierLength, TimeProvider TimeProvider);
