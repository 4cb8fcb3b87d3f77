using System.Buffers;

namespace Harmony.Core.Routing;

/// <summary>A canonical path as routes and rules compare it: <c>%24everything</c> reads <c>$everything</c>, as it does to nearly every server.</summary>
/// <remarks>
/// RFC 3986 2.2 lets an escaped sub-delimiter differ from the character, so the path that is sent on keeps what the client wrote. A rule that
/// denies <c>/Patient/$everything</c> must not be avoided that way, so the comparison does not tell them apart.
/// </remarks>
internal ref struct ComparablePath
{
    /// <summary>Scratch space on the stack that spares ordinary paths the pool.</summary>
    internal const int ScratchLength = 256;

    private readonly ReadOnlySpan<char> _path;
    private char[]? _rented;

    /// <summary>Decodes <paramref name="path"/> if it has anything to decode.</summary>
    public ComparablePath(ReadOnlySpan<char> path, Span<char> scratch)
    {
        _path = path;
        Text = path;
        if (!path.Contains('%')) return;
        if (path.Length > scratch.Length) scratch = _rented = ArrayPool<char>.Shared.Rent(path.Length);
        Text = scratch[..Decode(path, scratch)];
    }

    /// <summary>The text to compare; has the same slashes as the path.</summary>
    public ReadOnlySpan<char> Text { get; }

    /// <summary>The text to compare of a literal in a pattern.</summary>
    public static string Of(ReadOnlySpan<char> canonical)
    {
        using var comparable = new ComparablePath(canonical, stackalloc char[ScratchLength]);
        return comparable.Text.ToString();
    }

    /// <summary>Where <paramref name="index"/> of <see cref="Text"/>, a slash or the end, is in the path.</summary>
    public readonly int ToPathIndex(int index)
    {
        if (Text.Length == _path.Length) return index;
        if (index == Text.Length) return _path.Length;
        var slashesBefore = Text[..index].Count('/');
        var at = _path.IndexOf('/');
        for (; slashesBefore > 0; slashesBefore--) at += 1 + _path[(at + 1)..].IndexOf('/');
        return at;
    }

    /// <summary>Gives the scratch space back.</summary>
    public void Dispose()
    {
        if (_rented is null) return;
        ArrayPool<char>.Shared.Return(_rented);
        _rented = null;
    }

    private static int Decode(ReadOnlySpan<char> path, Span<char> output)
    {
        var written = 0;
        for (var at = 0; at < path.Length; written++)
        {
            var decoded = PercentEncoding.TryReadByte(path[at..], out var value) && PathCharacters.RoleLess.Contains((char)value);
            output[written] = decoded ? (char)value : path[at];
            at += decoded ? PercentEncoding.EscapeLength : 1;
        }
        return written;
    }
}
