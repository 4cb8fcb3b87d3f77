using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Documents;

/// <summary>Writes a document as JSON, byte for byte as <c>Utf8JsonWriter</c> does, at half its cost: most of a document is copied as it came.</summary>
internal ref struct DocumentWriter
{
    private const int BytesPerWork = 16;
    private const int FirstBytes = 256;
    private const int MoreBytes = 4096;

    // Names and text leave as readable as they came: é stays é. The result is JSON, not something to paste into HTML.
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private readonly IBufferWriter<byte> _output;
    private readonly WorkMeter _meter;
    private Span<byte> _given; // by the output
    private int _used;

    private DocumentWriter(IBufferWriter<byte> output, WorkMeter meter)
    {
        _output = output;
        _meter = meter;
        _given = output.GetSpan(FirstBytes);
    }

    /// <summary>Writes <paramref name="value"/>; a missing one as <c>null</c>.</summary>
    /// <exception cref="JoltException">It nests deeper than <paramref name="maxDepth"/>, or is too long to write.</exception>
    public static void Write(IBufferWriter<byte> output, DocValue value, int maxDepth, WorkMeter meter)
    {
        var writer = new DocumentWriter(output, meter);
        writer.Write(value, maxDepth);
        output.Advance(writer._used);
    }

    private void Write(DocValue value, int depth)
    {
        _meter.Spend();
        switch (value.Kind)
        {
            case DocKind.Object: WriteObject(value.AsObject!, depth); break;
            case DocKind.Array: WriteArray(value.AsArray!, depth); break;
            case DocKind.String or DocKind.Number: WriteText(value); break;
            case DocKind.True: Copy("true"u8); break;
            case DocKind.False: Copy("false"u8); break;
            default: Copy("null"u8); break;
        }
    }

    private void WriteObject(DocObject obj, int depth)
    {
        if (depth == 0) throw Depth.Exceeded();
        Put('{');
        var members = obj.Members;
        for (var i = 0; i < members.Length; i++)
        {
            if (i > 0) Put(',');
            WriteString(members[i].Key);
            Put(':');
            Write(members[i].Value, depth - 1);
        }

        Put('}');
    }

    private void WriteArray(DocArray array, int depth)
    {
        if (depth == 0) throw Depth.Exceeded();
        Put('[');
        var items = array.Items;
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0) Put(',');
            Write(items[i], depth - 1);
        }

        Put(']');
    }

    private void WriteText(DocValue value)
    {
        if (value.TryGetRaw(out var raw))
        {
            _meter.Spend(raw.Length / BytesPerWork);
            Copy(raw);
            return;
        }

        var text = value.GetText();
        _meter.Spend(text.Length / BytesPerWork);
        if (value.Kind == DocKind.Number) Transcode(text);
        else WriteString(text);
    }

    private void WriteString(string text)
    {
        if (text.Length > MoreBytes || !TryCopyPlain(text)) WriteEncoded(text);
    }

    /// <summary>Copies a string that stands in JSON as it is, in its quotes; false when it has other characters.</summary>
    private bool TryCopyPlain(ReadOnlySpan<char> text)
    {
        var to = Take(text.Length + 2);
        to[0] = (byte)'"';
        if (!PlainText.TryNarrow(text, to.Slice(1, text.Length))) return false;
        to[text.Length + 1] = (byte)'"';
        _used += text.Length + 2;
        return true;
    }

    private void WriteEncoded(ReadOnlySpan<char> text)
    {
        Put('"');
        Span<char> encoded = stackalloc char[256];
        while (!text.IsEmpty)
        {
            Encoder.Encode(text, encoded, out var taken, out var written);
            Transcode(encoded[..written]);
            text = text[taken..];
        }

        Put('"');
    }

    private void Transcode(scoped ReadOnlySpan<char> text)
    {
        var to = Take(Encoding.UTF8.GetMaxByteCount(text.Length));
        _used += Encoding.UTF8.GetBytes(text, to);
    }

    private void Put(char ascii)
    {
        if (_used == _given.Length) Renew(1);
        _given[_used++] = (byte)ascii;
    }

    private void Copy(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MoreBytes) CopyLong(bytes);
        else
        {
            bytes.CopyTo(Take(bytes.Length));
            _used += bytes.Length;
        }
    }

    // In pieces of what the output gives, which need not have one of this length.
    private void CopyLong(scoped ReadOnlySpan<byte> bytes)
    {
        _output.Advance(_used);
        _output.Write(bytes);
        _used = 0;
        _given = _output.GetSpan(FirstBytes);
    }

    /// <summary>Room for <paramref name="length"/> bytes.</summary>
    private Span<byte> Take(int length)
    {
        if (_given.Length - _used < length) Renew(length);
        return _given[_used..];
    }

    private void Renew(int length)
    {
        _output.Advance(_used);
        _used = 0;
        _given = _output.GetSpan(Math.Max(length, MoreBytes));
    }
}

/// <summary>
/// Doubles as Java writes them (<c>Double.toString</c>): the shortest digits that read back as the same double, at least two of them,
/// plain from 0.001 up to ten millions, with an exponent elsewhere. Always with a fraction, so that <c>4.0</c> stays a double to every reader.
/// </summary>
internal static class DoubleText
{
    private const double PlainFrom = 1e-3;
    private const double PlainBelow = 1e7;

    public static string Of(double value)
    {
        var magnitude = Math.Abs(value);
        return magnitude is 0 or (>= PlainFrom and < PlainBelow) ? Plain(value) : Scientific(value);
    }

    private static string Plain(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('.') ? text : text + ".0";
    }

    /// <summary>Digits and exponent come from one and the same text: those of a longer one may stand on the other side of a power of ten.</summary>
    private static string Scientific(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        // Of 2^-25 and 2^-958 the runtime gives a digit too few, which reads back as the double below.
        var (digits, exponent) = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) == value ? Taken(text) : OfSeventeen(value);
        // Where one digit would do, Java gives the two that are nearest: the smallest double is 4.9E-324, not 5.0E-324.
        if (digits.Length == 1) (digits, exponent) = Taken(value.ToString("E1", CultureInfo.InvariantCulture));
        var fraction = digits.Length > 1 ? digits[1..] : "0";
        return $"{(value < 0 ? "-" : "")}{digits[0]}.{fraction}E{exponent.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>The digits of a text without zeros at both ends, and the power of ten of the first.</summary>
    private static (string Digits, int Exponent) Taken(string text)
    {
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var number = (mark < 0 ? text : text[..mark]).TrimStart('-');
        var point = number.IndexOf('.', StringComparison.Ordinal);
        var digits = number.Replace(".", "", StringComparison.Ordinal);
        var leading = digits.Length - digits.TrimStart('0').Length;
        var power = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return (digits.Trim('0'), power + (point < 0 ? number.Length : point) - 1 - leading);
    }

    /// <summary>The nearest seventeen digits, of two that are equally near the even ones.</summary>
    private static (string Digits, int Exponent) OfSeventeen(double value)
    {
        var (all, exponent) = Taken(value.ToString("E60", CultureInfo.InvariantCulture));
        var digits = decimal.Parse($"{all[0]}.{all[1..Math.Min(all.Length, 28)]}", CultureInfo.InvariantCulture);
        return Taken($"{Math.Round(digits, 16, MidpointRounding.ToEven).ToString(CultureInfo.InvariantCulture)}E{exponent}");
    }
}
