using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Harmony.Access.Middleware.Policies.Matching;

/// <summary>Addresses as numbers of 128 bits; an IPv4 address is the number of its IPv4-mapped one (RFC 4291 §2.5.5.2).</summary>
internal static class AddressNumber
{
    /// <summary>The number of 0.0.0.0; 2³² follow.</summary>
    public static readonly UInt128 FirstIPv4 = (UInt128)0xffff << 32;

    /// <summary>The number.</summary>
    public static UInt128 Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork ? FirstIPv4 | BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>Whether the number is that of an IPv4 address.</summary>
    public static bool IsIPv4(UInt128 number) => number >> 32 == 0xffff;

    /// <summary>The last number that shares so many leading bits.</summary>
    public static UInt128 LastOf(UInt128 first, int prefixLength) => prefixLength == 0 ? UInt128.MaxValue : first | ((UInt128.One << (128 - prefixLength)) - 1);
}
