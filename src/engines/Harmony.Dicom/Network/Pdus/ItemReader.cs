using System.Buffers.Binary;
using System.Buffers;
using System.Text;

namespace Harmony.Dicom.Network.Pdus;

/// <summary>Reads items. Every length is checked against what there is and what is allowed before it is used.</summary>
internal ref struct ItemReader(ReadOnlySpan<byte> bytes, PduLimits limits)
{
    private static readonly SearchValues<char> UidCharacters = SearchValues.Create("0123456789.");
    private const int AeTitleLength = 16;
    private const int ItemHeaderLength = 4;
    private ReadOnlySpan<byte> _left = bytes;
    private int _items;

    public readonly PduLimits Limits => limits;

    public readonly bool IsEmpty => _left.IsEmpty;

    /// <summary>The next item.</summary>
    /// <returns>False at the end.</returns>
    public bool TryReadItem(out byte type, out ItemReader content)
    {
        type = 0;
        content = default;
        if (_left.IsEmpty) return false;
        if (++_items > limits.MaxItems) throw Invalid($"there are more than {limits.MaxItems} items");
        if (_left.Length < ItemHeaderLength) throw Invalid("an item ends before its length");
        type = _left[0];
        var length = BinaryPrimitives.ReadUInt16BigEndian(_left[2..]);
        _left = _left[ItemHeaderLength..];
        content = new ItemReader(Take(length), limits) { _items = _items };
        return true;
    }

    /// <summary>Counts the items of an item that was read.</summary>
    public void CountItemsOf(in ItemReader content) => _items = content._items;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public void Skip(int count) => Take(count);

    /// <summary>
    /// A title of 16 bytes, without the spaces (or NULs, from some devices) around it. Characters that titles cannot have become U+FFFD, so such a
    /// title is never a valid title: the association can be rejected with the right reason.
    /// </summary>
    public string AeTitle() => Printable(Take(AeTitleLength));

    /// <summary>The rest, as a UID.</summary>
    public string Uid()
    {
        var text = OptionalUid();
        return text.Length > 0 ? text : throw Invalid("a UID is empty");
    }

    /// <summary>The rest, as a UID or nothing.</summary>
    public string OptionalUid()
    {
        var text = Name();
        return !text.AsSpan().ContainsAnyExcept(UidCharacters) ? text : throw Invalid("a UID has characters that it cannot have");
    }

    /// <summary>
    /// The rest, as printable text. What cannot be printed becomes U+FFFD: names only identify a program, so an association is never refused because of them.
    /// </summary>
    public string Name()
    {
        if (_left.Length > limits.MaxTextLength) throw Invalid($"a text has {_left.Length} bytes; {limits.MaxTextLength} are allowed");
        return Printable(Take(_left.Length));
    }

    /// <summary>A part with its length in two bytes before it.</summary>
    public ItemReader Part() => new(Take(UInt16()), limits) { _items = _items };

    /// <summary>The rest.</summary>
    public ReadOnlyMemory<byte> Rest()
    {
        if (_left.Length > limits.MaxBytesLength) throw Invalid($"a part has {_left.Length} bytes; {limits.MaxBytesLength} are allowed");
        return Take(_left.Length).ToArray();
    }

    public static PduException Invalid(string message) => new(message, AbortReason.InvalidPduParameterValue);

    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        const char Replacement = '\uFFFD';
        var text = Encoding.Latin1.GetString(bytes).Trim(' ', '\0');
        return string.Create(text.Length, text, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++) to[i] = from[i] is >= ' ' and <= '~' ? from[i] : Replacement;
        });
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _left.Length) throw Invalid($"{count} bytes are announced, {_left.Length} are there");
        var taken = _left[..count];
        _left = _left[count..];
        return taken;
    }
}

/// <summary>The first byte of an item: PS3.8 §9.3.2, annex D; PS3.7 §D.3.3.</summary>
internal static class ItemType
{
    public const byte ApplicationContext = 0x10;
    public const byte ContextProposal = 0x20;
    public const byte ContextResult = 0x21;
    public const byte AbstractSyntax = 0x30;
    public const byte TransferSyntax = 0x40;
    public const byte UserInformation = 0x50;
    public const byte MaxLength = 0x51;
    public const byte ImplementationClassUid = 0x52;
    public const byte AsynchronousOperations = 0x53;
    public const byte RoleSelection = 0x54;
    public const byte ImplementationVersionName = 0x55;
    public const byte ExtendedNegotiation = 0x56;
    public const byte CommonExtendedNegotiation = 0x57;
    public const byte UserIdentity = 0x58;
    public const byte UserIdentityResponse = 0x59;
}
