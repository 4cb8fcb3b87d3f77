using System.Net.Quic;

namespace Harmony.Http.Quic;

/// <summary>Whether this machine can speak QUIC, and with it HTTP/3.</summary>
/// <param name="IsAvailable">Whether it can.</param>
public sealed record QuicSupport(bool IsAvailable)
{
    /// <summary>What is missing where it cannot, and what to do.</summary>
    public const string Missing = "HTTP/3 needs the library libmsquic, which this machine does not have; install the package 'libmsquic'";

    /// <summary>That of the machine the program runs on.</summary>
    public static QuicSupport OfThisMachine { get; } = new(
        (OperatingSystem.IsLinux() || OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()) && QuicListener.IsSupported && QuicConnection.IsSupported);
}
