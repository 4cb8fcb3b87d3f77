using System.Security.Cryptography;
using System.Text;

namespace Harmony.Age;

/// <summary>A recipient's part of a header: <c>-> X25519 SHARE</c> and the wrapped file key below it.</summary>
/// <param name="Type">The type: <c>X25519</c>, <c>scrypt</c>, or one that this library does not know.</param>
/// <param name="Arguments">The arguments behind the type.</param>
/// <param name="Body">The wrapped file key.</param>
internal sealed record AgeStanza(string Type, IReadOnlyList<string> Arguments, byte[] Body);

/// <summary>The header of a file, read strictly: there is one way to write each header, and every other is refused.</summary>
internal sealed class AgeHeader
{
    private const string Version = "age-encryption.org/v1";
    private const int Columns = 64; // of a line of a stanza's body
    private const int MaxStanzas = 100;
    private const int MacLength = 32;

    private readonly byte[] _authenticated;
    private readonly byte[] _mac;

    private AgeHeader(IReadOnlyList<AgeStanza> stanzas, byte[] authenticated, byte[] mac, int length)
        => (Stanzas, _authenticated, _mac, Length) = (stanzas, authenticated, mac, length);

    /// <summary>The recipients.</summary>
    public IReadOnlyList<AgeStanza> Stanzas { get; }

    /// <summary>Bytes of the header; the payload follows.</summary>
    public int Length { get; }

    /// <summary>Writes a header.</summary>
    public static byte[] Write(IReadOnlyList<AgeStanza> stanzas, ReadOnlySpan<byte> fileKey)
    {
        var text = new StringBuilder(Version).Append('\n');
        foreach (var stanza in stanzas)
        {
            text.Append("-> ").AppendJoin(' ', stanza.Arguments.Prepend(stanza.Type)).Append('\n');
            var body = AgeBase64.Encode(stanza.Body);
            for (var at = 0; at <= body.Length; at += Columns) text.Append(body.AsSpan(at, Math.Min(Columns, body.Length - at))).Append('\n');
        }

        text.Append("---");
        var authenticated = Encoding.ASCII.GetBytes(text.ToString());
        return [.. authenticated, .. Encoding.ASCII.GetBytes($" {AgeBase64.Encode(Mac(authenticated, fileKey))}\n")];
    }

    /// <summary>Reads a header.</summary>
    /// <exception cref="AgeException">The header is malformed.</exception>
    public static AgeHeader Parse(ReadOnlySpan<byte> file)
    {
        var lines = new Lines(file);
        if (!lines.Next().SequenceEqual("age-encryption.org/v1"u8)) throw new AgeException("the file is not one of age, version 1");
        var stanzas = new List<AgeStanza>();
        while (true)
        {
            var start = lines.Position;
            var line = lines.Next();
            if (line.StartsWith("---"u8))
            {
                if (stanzas.Count == 0) throw new AgeException("the header names no recipient");
                if (!line.StartsWith("--- "u8) || AgeBase64.Decode(line[4..]) is not { Length: MacLength } mac) throw Malformed();
                return new AgeHeader(stanzas, file[..(start + 3)].ToArray(), mac, lines.Position);
            }

            if (stanzas.Count == MaxStanzas) throw new AgeException($"the header names more than {MaxStanzas} recipients");
            stanzas.Add(Stanza(line, ref lines));
        }
    }

    /// <summary>Verifies the MAC of the header: false if the header was changed, or the file key is another.</summary>
    public bool IsAuthentic(ReadOnlySpan<byte> fileKey) => CryptographicOperations.FixedTimeEquals(_mac, Mac(_authenticated, fileKey));

    private static AgeStanza Stanza(ReadOnlySpan<byte> line, ref Lines lines)
    {
        if (!line.StartsWith("-> "u8)) throw Malformed();
        foreach (var b in line[3..])
        {
            if (b is not (>= 33 and <= 126 or (byte)' ')) throw Malformed();
        }

        var words = Encoding.ASCII.GetString(line[3..]).Split(' ');
        if (Array.Exists(words, w => w.Length == 0)) throw Malformed();
        var body = new List<byte>();
        while (true)
        {
            var part = lines.Next();
            if (part.Length > Columns || AgeBase64.Decode(part) is not { } bytes) throw Malformed();
            body.AddRange(bytes);
            if (part.Length < Columns) return new AgeStanza(words[0], words[1..], [.. body]);
        }
    }

    private static byte[] Mac(byte[] authenticated, ReadOnlySpan<byte> fileKey)
    {
        Span<byte> key = stackalloc byte[MacLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, fileKey, key, [], "header"u8);
        return HMACSHA256.HashData(key, authenticated);
    }

    private static AgeException Malformed() => new("the header of the file is malformed");

    /// <summary>Lines that end in one LF each.</summary>
    private ref struct Lines(ReadOnlySpan<byte> file)
    {
        private const int MaxLine = 4096;

        private readonly ReadOnlySpan<byte> _file = file;

        public int Position { get; private set; }

        public ReadOnlySpan<byte> Next()
        {
            var rest = _file[Position..];
            var end = rest[..Math.Min(rest.Length, MaxLine)].IndexOf((byte)'\n');
            if (end < 0) throw new AgeException(Position == 0 ? "the file is not one of age, version 1" : "the header of the file is malformed");
            Position += end + 1;
            return rest[..end];
        }
    }
}

/// <summary>Base64 without padding, in the one form that an encoder writes (RFC 4648 §3.5).</summary>
internal static class AgeBase64
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    /// <summary>Decodes a text; null if it is not the text that an encoder writes.</summary>
    public static byte[]? Decode(ReadOnlySpan<byte> text)
    {
        if (text.Length % 4 == 1) return null;
        var padded = Encoding.ASCII.GetString(text);
        var bytes = new byte[(padded.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(padded.PadRight((padded.Length + 3) / 4 * 4, '='), bytes, out var written)) return null;
        var decoded = bytes[..written];
        return Encode(decoded) == padded ? decoded : null; // stray bits make two texts of one value
    }
}
