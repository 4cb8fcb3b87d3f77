using System.Text;
using Harmony.Http.Services.Http.Forwarding;

namespace Harmony.Http.Adapters.Http;

/// <summary>
/// Latin-1 for fields of which Kestrel shows only what it has made of them: here alone their octets are seen as they were sent. What two
/// servers may read differently is no text, and so the request is answered with 400.
/// </summary>
internal sealed class StrictFieldText : Encoding
{
    private const int MostDigits = 19; // of a number of 64 bits

    private static readonly StrictFieldText OfConnection = new(IsSoundConnection);
    private static readonly StrictFieldText OfContentLength = new(static octets => octets.Length <= MostDigits && !octets.ContainsAnyExceptInRange((byte)'0', (byte)'9'));

    private readonly Check _isSound;

    private StrictFieldText(Check isSound) => _isSound = isSound;

    private delegate bool Check(ReadOnlySpan<byte> octets);

    /// <summary>The encoding of a field. Values are octets to a gateway: Latin-1 keeps each of them (RFC 9110 §5.5, obs-text).</summary>
    /// <param name="name">The field's name, as Kestrel spells it.</param>
    public static Encoding For(string name) => name switch
    {
        "Connection" => OfConnection,
        "Content-Length" => OfContentLength,
        _ => Latin1,
    };

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    /// <exception cref="InvalidOperationException">It is nothing that may be passed on; Kestrel's word for that, too.</exception>
    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
        => _isSound(bytes) ? Latin1.GetChars(bytes, chars) : throw new InvalidOperationException("a field that two servers may read differently");

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
        => GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)
        => Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount;

    /// <summary>
    /// Of a list that holds <c>close</c>, <c>keep-alive</c> or <c>upgrade</c> Kestrel keeps only that. Other names in it would not be known
    /// as those of fields that are for us alone (RFC 9110 §7.6.1), unless they are always.
    /// </summary>
    private static bool IsSoundConnection(ReadOnlySpan<byte> octets)
    {
        if (octets.IndexOf((byte)',') < 0) return true;
        var list = Latin1.GetString(octets);
        var named = HopByHopFields.NamedBy(list);
        return named is null || named.All(HopByHopFields.Contains) || !HopByHopFields.HoldsOption(list);
    }
}
