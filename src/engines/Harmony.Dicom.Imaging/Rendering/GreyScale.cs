using System.Buffers;
using System.Numerics;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Imaging.Rendering;

/// <summary>
/// From stored values to shades: modality LUT or rescaling, then window or VOI LUT, then the shape of the presentation LUT (PS3.4 §N.2). For values of up to 16
/// bits it is computed once for each value there can be.
/// </summary>
internal sealed class GreyScale
{
    private readonly PixelFormat _format;
    private readonly SampleReader _reader;
    private readonly PixelPadding _padding;
    private readonly LookupTable? _modality;
    private readonly double _slope;
    private readonly double _intercept;
    private readonly LookupTable? _voi;
    private readonly Window _window;
    private readonly bool _isInverse;

    private GreyScale(FrameAttributes attributes, FrameImage image, RenderOptions options)
    {
        _format = image.Format;
        _reader = new SampleReader(_format);
        _padding = PixelPadding.Of(attributes.DataSet, _format);
        var modality = attributes.Modality;
        _modality = attributes.DataSet.GetItems(DicomTag.ModalityLUTSequence) is [var item, ..] ? LookupTable.Of(item, _format.IsSigned) : null;
        _slope = modality.GetDouble(DicomTag.RescaleSlope) is { } slope and not 0 && double.IsFinite(slope) ? slope : 1;
        _intercept = modality.GetDouble(DicomTag.RescaleIntercept) is { } intercept && double.IsFinite(intercept) ? intercept : 0;
        _isInverse = attributes.DataSet.GetString(DicomTag.PresentationLUTShape) switch
        {
            "INVERSE" => true,
            "IDENTITY" => false,
            _ => _format.Photometric == PhotometricInterpretation.Monochrome1,
        };
        if (options.Window is { } asked)
        {
            _window = asked.IsValid ? asked
                : throw new ImagingException(ImagingErrorKind.BadRequest,
                "the width of a window is at least 1, of the exact and the S-shaped function more than 0");
            return;
        }

        if (WindowOf(attributes.Voi, options.WindowIndex) is { IsValid: true } own) _window = own;
        else if (attributes.Voi.GetItems(DicomTag.VOILUTSequence) is [var lut, ..]
            && LookupTable.Of(lut, _modality is null && (_format.IsSigned || _intercept < 0)) is { } voi) _voi = voi;
        else _window = _format.Kind == SampleKind.Integer && _format.BitsStored <= 8 ? WholeRange() : RangeOf(image);
    }

    /// <summary>Makes shades of a frame.</summary>
    /// <param name="attributes">What applies to the frame.</param>
    /// <param name="image">Its samples.</param>
    /// <param name="options">How.</param>
    /// <param name="pixels">Room for a shade for each pixel; more is left as it is.</param>
    /// <exception cref="ImagingException">BadRequest: the window asked for cannot be.</exception>
    public static void Render(FrameAttributes attributes, FrameImage image, RenderOptions options, byte[] pixels)
    {
        var scale = new GreyScale(attributes, image, options);
        var max = options.Depth == 16 ? ushort.MaxValue : byte.MaxValue;
        if (options.Depth == 16) scale.Render(image, max, (i, shade) => BitConverter.TryWriteBytes(pixels.AsSpan(2 * i), shade));
        else if (scale._reader.HasTable) scale.RenderBytes(image, pixels.AsSpan(0, (int)image.Format.PixelCount));
        else scale.Render(image, max, (i, shade) => pixels[i] = (byte)shade);
    }

    private static Window? WindowOf(DicomDataSet voi, int index)
    {
        if (!voi.TryGet<DicomValue>(DicomTag.WindowCenter, out var centers) || !voi.TryGet<DicomValue>(DicomTag.WindowWidth, out var widths)) return null;
        var at = Math.Clamp(index - 1, 0, Math.Max(0, centers.Count - 1));
        if (!centers.TryGetDouble(at, out var center) || !widths.TryGetDouble(Math.Min(at, Math.Max(0, widths.Count - 1)), out var width)) return null;
        return new Window(center, width,
            voi.GetString(DicomTag.VOILUTFunction) switch
            {
                "SIGMOID" => VoiFunction.Sigmoid,
                "LINEAR_EXACT" => VoiFunction.LinearExact,
                _ => VoiFunction.Linear
            });
    }

    private double Modality(double stored) => _modality is { } table ? table[stored] : (stored * _slope) + _intercept;

    private Window WholeRange()
    {
        var (low, high) = _format.IsSigned ? (-(1 << (_format.BitsStored - 1)), (1 << (_format.BitsStored - 1)) - 1) : (0, (1 << _format.BitsStored) - 1);
        if (_modality is { } table) return Window.Of(0, table.Max);
        var (a, b) = (Modality(low), Modality(high));
        return Window.Of(Math.Min(a, b), Math.Max(a, b));
    }

    private Window RangeOf(FrameImage image)
    {
        var (smallest, largest) = (double.PositiveInfinity, double.NegativeInfinity);
        if (_modality is null)
        {
            (smallest, largest) = StoredRange(image);
            var (a, b) = (Modality(smallest), Modality(largest));
            (smallest, largest) = (Math.Min(a, b), Math.Max(a, b));
        }
        else
        {
            for (var i = 0; i < image.Format.PixelCount; i++)
            {
                var stored = _reader.Read(image.Bytes, i);
                if (_padding.Contains(stored)) continue;
                var value = Modality(stored);
                (smallest, largest) = (Math.Min(smallest, value), Math.Max(largest, value));
            }
        }

        return double.IsFinite(smallest) && double.IsFinite(largest) ? Window.Of(smallest, largest) : new Window(0, 1, VoiFunction.LinearExact);
    }

    private (double Smallest, double Largest) StoredRange(FrameImage image)
    {
        if (_format is { Kind: SampleKind.Integer, BytesPerSample: 2 }) return WordRange(Frames.NativeSamples.Words(image.Bytes)[..(int)_format.PixelCount]);
        var (smallest, largest) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = 0; i < image.Format.PixelCount; i++)
        {
            var stored = _reader.Read(image.Bytes, i);
            if (!double.IsFinite(stored) || _padding.Contains(stored)) continue;
            if (stored < smallest) smallest = stored;
            if (stored > largest) largest = stored;
        }

        return (smallest, largest);
    }

    /// <summary>The range of samples of 16 bits, many at a time: with the sign turned round, values are in the order of numbers without a sign.</summary>
    private (double Smallest, double Largest) WordRange(ReadOnlySpan<ushort> words)
    {
        var (low, mask) = (_format.HighBit + 1 - _format.BitsStored, (1 << _format.BitsStored) - 1);
        var sign = _format.IsSigned ? 1 << (_format.BitsStored - 1) : 0;
        // What stands for no image, in the same order; none where the end is before the beginning.
        var first = double.IsNaN(_padding.Smallest) ? 1 : (int)_padding.Smallest + sign;
        var last = double.IsNaN(_padding.Smallest) ? 0 : (int)_padding.Largest + sign;
        var (smallest, largest) = (mask + 1, -1);
        var i = 0;
        if (Vector.IsHardwareAccelerated && first > last && words.Length >= Vector<ushort>.Count)
        {
            var (bits, turned) = (new Vector<ushort>((ushort)mask), new Vector<ushort>((ushort)sign));
            var (least, most) = (new Vector<ushort>(ushort.MaxValue), Vector<ushort>.Zero);
            for (; i <= words.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
            {
                var values = (Vector.ShiftRightLogical(new Vector<ushort>(words[i..]), low) & bits) ^ turned;
                (least, most) = (Vector.Min(least, values), Vector.Max(most, values));
            }

            for (var lane = 0; lane < Vector<ushort>.Count; lane++) (smallest, largest) = (Math.Min(smallest, least[lane]), Math.Max(largest, most[lane]));
        }

        for (; i < words.Length; i++)
        {
            var value = ((words[i] >> low) & mask) ^ sign;
            if (value >= first && value <= last) continue;
            (smallest, largest) = (Math.Min(smallest, value), Math.Max(largest, value));
        }

        return largest < 0 ? (double.PositiveInfinity, double.NegativeInfinity) : (smallest - sign, largest - sign);
    }

    /// <summary>The shade of a stored value, 0 to <paramref name="max"/>. Padding is black.</summary>
    private ushort Shade(double stored, int max) => double.IsNaN(stored) || _padding.Contains(stored) ? (ushort)0 : ShadeOfImage(stored, max);

    private ushort ShadeOfImage(double stored, int max)
    {
        var value = Modality(stored);
        var place = _voi is { } table ? (double)table[value] / table.Max : _window.Apply(value);
        return (ushort)((_isInverse ? 1 - place : place) * max + Rounding);
    }

    /// <summary>
    /// Shades are rounded down but for errors of the arithmetic: as the reference implementation does, so that images can be compared with those of others.
    /// </summary>
    private const double Rounding = 1e-7;

    private void RenderBytes(FrameImage image, Span<byte> pixels)
    {
        // Bits above the high bit make cells that mean the same: only as many values as there are bits stored are computed.
        var (mask, low) = ((1 << _format.BitsStored) - 1, _format.HighBit + 1 - _format.BitsStored);
        var table = ArrayPool<byte>.Shared.Rent(mask + 1);
        FillTable(table, mask, low);
        if (_format.BytesPerSample == 1)
        {
            for (var i = 0; i < pixels.Length; i++) pixels[i] = table[(image.Bytes[i] >> low) & mask];
        }
        else
        {
            var words = Frames.NativeSamples.Words(image.Bytes)[..pixels.Length];
            for (var i = 0; i < words.Length; i++) pixels[i] = table[(words[i] >> low) & mask];
        }

        ArrayPool<byte>.Shared.Return(table);
    }

    /// <summary>Computes the shade of each value there can be.</summary>
    private void FillTable(byte[] table, int mask, int low)
    {
        if (!IsLinear)
        {
            for (var value = 0; value <= mask; value++) table[value] = (byte)Shade(_reader.Value((ulong)value << low), byte.MaxValue);
            return;
        }

        // Cells of signed values are in two runs, those below zero behind the others; in each run shades only rise, or only fall.
        var half = _format.IsSigned ? (mask >> 1) + 1 : mask + 1;
        Fill(table, low, 0, half - 1);
        Fill(table, low, half, mask);
        var least = _format.IsSigned ? -half : 0;
        for (var padded = Math.Max(least, _padding.Smallest); padded <= Math.Min(least + mask, _padding.Largest); padded++) table[(int)padded & mask] = 0;
    }

    /// <summary>Whether shades follow values in one direction: no tables, no curve whose arithmetic might go back a step.</summary>
    private bool IsLinear => _modality is null && _voi is null && _window.Function != VoiFunction.Sigmoid;

    private byte ShadeOf(int cell, int low) => (byte)ShadeOfImage(_reader.Value((ulong)cell << low), byte.MaxValue);

    /// <summary>The shades of a run of cells. What has the same shade at both ends has it throughout, so that most of 65,536 need not be computed.</summary>
    private void Fill(byte[] table, int low, int first, int last)
    {
        if (first > last) return;
        (table[first], table[last]) = (ShadeOf(first, low), ShadeOf(last, low));
        FillBetween(table, low, first, last);
    }

    private void FillBetween(byte[] table, int low, int first, int last)
    {
        if (last - first < 2) return;
        if (table[first] == table[last])
        {
            table.AsSpan(first, last - first).Fill(table[first]);
            return;
        }

        var middle = (first + last) / 2;
        table[middle] = ShadeOf(middle, low);
        FillBetween(table, low, first, middle);
        FillBetween(table, low, middle, last);
    }

    private void Render(FrameImage image, int max, Action<int, ushort> write)
    {
        for (var i = 0; i < image.Format.PixelCount; i++) write(i, Shade(_reader.Read(image.Bytes, i), max));
    }
}
