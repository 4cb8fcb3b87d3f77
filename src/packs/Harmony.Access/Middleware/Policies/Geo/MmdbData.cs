namespace Harmony.Access.Middleware.Policies.Geo;

/// <summary>A section of values in a MaxMind DB file. Offsets are those of the section. Looks up members of maps without making objects.</summary>
internal sealed class MmdbData(byte[] file, int start, int end)
{
    /// <summary>Values looked at for one look-up; a sound record has a hundred, a hostile one leads in circles.</summary>
    private const int MaxSteps = 10_000;

    private const int MaxDepth = 32;
    private const int Pointer = 1;
    private const int Text = 2;
    private const int Map = 7;
    private const int Array = 11;
    private const int Boolean = 14;

    /// <summary>The country of a record: <c>country.iso_code</c>, else <c>registered_country.iso_code</c>.</summary>
    /// <exception cref="InvalidDataException">The record is damaged.</exception>
    public CountryCode CountryAt(long record)
    {
        var country = CountryIn(record, "country"u8);
        return country != default ? country : CountryIn(record, "registered_country"u8);
    }

    /// <summary>An unsigned number among the members of a map.</summary>
    /// <exception cref="InvalidDataException">It is not there.</exception>
    public uint NumberAt(long map, ReadOnlySpan<byte> key)
    {
        var value = Member(map, key);
        if (value < 0) throw new InvalidDataException("its metadata are incomplete");
        var (_, size, content) = Head(value);
        if (size > 4) throw new InvalidDataException("its metadata hold a number that is too large");
        uint number = 0;
        foreach (var digit in Bytes(content, size)) number = (number << 8) | digit;
        return number;
    }

    private CountryCode CountryIn(long record, ReadOnlySpan<byte> key)
    {
        var country = Member(record, key);
        var code = country < 0 ? -1 : Member(country, "iso_code"u8);
        if (code < 0) return default;
        var (type, size, content) = Head(code);
        if (type != Text || size != 2) return default;
        var letters = Bytes(content, 2);
        return CountryCode.Of([(char)letters[0], (char)letters[1]]);
    }

    /// <summary>Where the value of a key is, or -1.</summary>
    private long Member(long map, ReadOnlySpan<byte> key)
    {
        var (type, count, at) = Head(map);
        if (type != Map) return -1;
        var steps = 0;
        for (var i = 0; i < count; i++)
        {
            var (keyType, size, content) = Head(at);
            var found = keyType == Text && Bytes(content, size).SequenceEqual(key);
            at = Skip(at, ref steps, 0);
            if (found) return at;
            at = Skip(at, ref steps, 0);
        }

        return -1;
    }

    /// <summary>Where the next value begins. What a pointer leads to stands elsewhere and is not skipped.</summary>
    private long Skip(long at, ref int steps, int depth)
    {
        if (++steps > MaxSteps || depth > MaxDepth) throw Damaged();
        var (type, size, content) = RawHead(at);
        if (type is Pointer or Boolean) return content;
        if (type is not (Map or Array)) return content + size;
        for (var left = type == Map ? 2L * size : size; left > 0; left--) content = Skip(content, ref steps, depth + 1);
        return content;
    }

    /// <summary>Type, size and place of a value; a pointer is followed, once, for pointers to pointers are not allowed.</summary>
    private (int Type, int Size, long Content) Head(long at)
    {
        var head = RawHead(at);
        if (head.Type != Pointer) return head;
        head = RawHead(head.Size);
        return head.Type == Pointer ? throw Damaged() : head;
    }

    /// <summary>The same; the size of a pointer is where it leads.</summary>
    private (int Type, int Size, long Content) RawHead(long at)
    {
        int control = Bytes(at++, 1)[0];
        var type = control >> 5;
        if (type == Pointer) return PointerAt(control, at);
        if (type == 0) type = 7 + Bytes(at++, 1)[0];
        var size = control & 0x1f;
        if (size < 29) return (type, size, at);
        var extra = size - 28;
        var more = 0;
        foreach (var digit in Bytes(at, extra)) more = (more << 8) | digit;
        return (type, more + extra switch { 1 => 29, 2 => 285, _ => 65_821 }, at + extra);
    }

    private (int Type, int Size, long Content) PointerAt(int control, long at)
    {
        var length = ((control >> 3) & 3) + 1;
        var target = length == 4 ? 0L : control & 7;
        foreach (var digit in Bytes(at, length)) target = (target << 8) | digit;
        target += length switch { 2 => 2048, 3 => 526_336, _ => 0 };
        return target >= end - start ? throw Damaged() : (Pointer, (int)target, at + length);
    }

    private ReadOnlySpan<byte> Bytes(long at, int length)
        => at >= 0 && start + at + length <= end ? file.AsSpan((int)(start + at), length) : throw Damaged();

    private static InvalidDataException Damaged() => new("it is damaged");
}
