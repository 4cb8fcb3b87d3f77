using System.Net;
using System.Text;

namespace Harmony.Access.Tests.Middleware.Policies.Geo;

/// <summary>Writes small MaxMind DB files: networks with a country each.</summary>
internal sealed class MmdbWriter(int recordSize = 24, int ipVersion = 6)
{
    private const int Separator = 16;

    private readonly List<int[]> _nodes = [[0, 0]]; // 0: nothing; n > 0: node n; n < 0: data at -n - 1
    private readonly List<byte> _data = [];

    /// <summary>Adds a network; its record names the country, its code behind a pointer as databases have it.</summary>
    public MmdbWriter Add(string network, string country, string key = "country")
    {
        var code = _data.Count;
        _data.AddRange(Text(country));
        var record = _data.Count;
        _data.AddRange([.. Map(2), .. Text("continent"), .. Map(1), .. Text("names"), 0x02, 0x04, .. Text("x"), .. Text("y"), .. Text(key), .. Map(1),
            .. Text("iso_code"), .. Pointer(code)]);
        var range = IPNetwork.Parse(network);
        var bytes = range.BaseAddress.GetAddressBytes();
        var isMapped = ipVersion == 6 && bytes.Length == 4;
        if (isMapped) bytes = [.. new byte[12], .. bytes];
        var length = range.PrefixLength + (isMapped ? 96 : 0);
        var node = 0;
        for (var bit = 0; bit < length; bit++)
        {
            var side = (bytes[bit / 8] >> (7 - (bit % 8))) & 1;
            if (bit == length - 1) _nodes[node][side] = -record - 1;
            else
            {
                if (_nodes[node][side] <= 0)
                {
                    _nodes.Add([0, 0]);
                    _nodes[node][side] = _nodes.Count - 1;
                }

                node = _nodes[node][side];
            }
        }

        return this;
    }

    public byte[] Write()
    {
        using var file = new MemoryStream();
        foreach (var node in _nodes) file.Write(Node(Value(node[0]), Value(node[1])));
        file.Write(new byte[Separator]);
        file.Write([.. _data]);
        file.Write([0xab, 0xcd, 0xef, .. "MaxMind.com"u8]);
        file.Write(
        [
            .. Map(4), .. Text("binary_format_major_version"), 0xa2, 0, 2, .. Text("record_size"), 0xa2, 0, (byte)recordSize,
            .. Text("ip_version"), 0xa2, 0, (byte)ipVersion, .. Text("node_count"), 0xc4, 0, 0, (byte)(_nodes.Count >> 8), (byte)_nodes.Count,
        ]);
        return file.ToArray();
    }

    private uint Value(int child) => child > 0 ? (uint)child : child == 0 ? (uint)_nodes.Count : (uint)(_nodes.Count + Separator - child - 1);

    private byte[] Node(uint left, uint right) => recordSize switch
    {
        24 => [(byte)(left >> 16), (byte)(left >> 8), (byte)left, (byte)(right >> 16), (byte)(right >> 8), (byte)right],
        28 => [(byte)(left >> 16), (byte)(left >> 8), (byte)left, (byte)(((left >> 20) & 0xf0) | (right >> 24)), (byte)(right >> 16), (byte)(right >> 8),
            (byte)right],
        _ => [(byte)(left >> 24), (byte)(left >> 16), (byte)(left >> 8), (byte)left, (byte)(right >> 24), (byte)(right >> 16), (byte)(right >> 8), (byte)right],
    };

    private static byte[] Map(int count) => [(byte)(0xe0 | count)];

    private static byte[] Text(string text)
        => text.Length < 29 ? [(byte)(0x40 | text.Length), .. Encoding.UTF8.GetBytes(text)] : [0x5d, (byte)(text.Length - 29), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Pointer(int to) => [(byte)(0x20 | (to >> 8)), (byte)to];
}
