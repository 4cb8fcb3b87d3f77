using System.Buffers.Binary;
using System.Net.Sockets;
using System.Net;
using Harmony.Access.Middleware.Policies.Rules;
using Harmony.Core.Building;

namespace Harmony.Access.Middleware.Policies.Matching;

/// <summary>
/// A set of addresses, looked up in logarithmic time. IPv4-mapped addresses are IPv4; a range of IPv6 such as <c>::/0</c> does not hold them.
/// </summary>
internal sealed class AddressRanges
{
    private readonly UInt128[] _firsts;
    private readonly UInt128[] _lasts;

    private AddressRanges(List<(UInt128 First, UInt128 Last)> ranges)
    {
        var merged = Merge(ranges);
        _firsts = [.. merged.Select(r => r.First)];
        _lasts = [.. merged.Select(r => r.Last)];
    }

    /// <summary>Reads the addresses of an option; false when the problems got an error.</summary>
    public static bool TryCreate(AddressOptions options, RuleContext context, out AddressRanges ranges)
    {
        var all = new List<(UInt128 First, UInt128 Last)>();
        for (var i = 0; i < options.IpAddresses.Count; i++)
        {
            if (Addresses.TryParseRange(options.IpAddresses[i], out var network))
            {
                all.AddRange(Parts(network));
                if (!Addresses.BitsBehindPrefix(options.IpAddresses[i])) continue;
                context.Problems.Warning(
                    options.LocationOf("ip_addresses", i), $"'{options.IpAddresses[i]}' means {network}; write that, or leave out the length for a single "
                        + "address");
            }
            else
            {
                context.Problems.Error(options.LocationOf("ip_addresses", i),
                    $"'{options.IpAddresses[i]}' is no address and no range; write 10.1.2.3, 10.0.0.0/8, 2001:db8::1 or 2001:db8::/32");
            }
        }

        ranges = new AddressRanges(all);
        return all.Count >= options.IpAddresses.Count;
    }

    /// <summary>Whether the set has the address.</summary>
    public bool Contains(IPAddress address)
    {
        var number = AddressNumber.Of(address);
        var at = Array.BinarySearch(_firsts, number);
        if (at < 0) at = ~at - 1; // the last range that begins before it
        return at >= 0 && number <= _lasts[at];
    }

    /// <summary>The range itself. A range of IPv6 that holds the mapped addresses becomes what is left of it on both sides of these.</summary>
    private static IEnumerable<(UInt128 First, UInt128 Last)> Parts(IPNetwork network)
    {
        var first = AddressNumber.Of(network.BaseAddress);
        var isIPv4 = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
        var last = AddressNumber.LastOf(first, network.PrefixLength + (isIPv4 ? 96 : 0));
        var lastIPv4 = AddressNumber.FirstIPv4 | uint.MaxValue;
        if (first >= AddressNumber.FirstIPv4 || last < AddressNumber.FirstIPv4) return [(first, last)];
        return [(first, AddressNumber.FirstIPv4 - 1), (lastIPv4 + 1, last)];
    }

    private static List<(UInt128 First, UInt128 Last)> Merge(List<(UInt128 First, UInt128 Last)> ranges)
    {
        var merged = new List<(UInt128 First, UInt128 Last)>();
        foreach (var range in ranges.OrderBy(r => r.First))
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last) merged[^1] = (merged[^1].First, UInt128.Max(merged[^1].Last, range.Last));
            else merged.Add(range);
        }

        return merged;
    }
}

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
        return address.AddressFamily == AddressFamily.InterNetwork
            ? FirstIPv4 | BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>Whether the number is that of an IPv4 address.</summary>
    public static bool IsIPv4(UInt128 number) => number >> 32 == 0xffff;

    /// <summary>The last number that shares so many leading bits.</summary>
    public static UInt128 LastOf(UInt128 first, int prefixLength) => prefixLength == 0 ? UInt128.MaxValue : first | ((UInt128.One << (128 - prefixLength)) - 1);
}
