using System.Runtime.InteropServices;

namespace Harmony.Dicom.Imaging.Rendering;

/// <summary>How values become shades of grey: (0028,1056), PS3.3 §C.11.2.1.</summary>
public enum VoiFunction
{
    /// <summary>LINEAR: the first of (width) whole values is black, the last white.</summary>
    Linear,

    /// <summary>LINEAR_EXACT: for real values.</summary>
    LinearExact,

    /// <summary>SIGMOID: an S-shaped curve.</summary>
    Sigmoid,
}

/// <summary>The values that are shown between black and white.</summary>
/// <param name="Center">The value that is shown in middle grey, in units of the modality (Hounsfield units of CT).</param>
/// <param name="Width">
/// How many values there are between black and white. At least 1; of <see cref="VoiFunction.LinearExact"/> and <see cref="VoiFunction.Sigmoid"/> more than 0.
/// </param>
/// <param name="Function">How grey rises between them.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Window(double Center, double Width, VoiFunction Function = VoiFunction.Linear)
{
    /// <summary>Whether it can be used.</summary>
    public bool IsValid => double.IsFinite(Center) && double.IsFinite(Width) && (Function == VoiFunction.Linear ? Width >= 1 : Width > 0);

    /// <summary>The window that shows all values from the smallest to the largest. Where there is only one, it is black.</summary>
    public static Window Of(double smallest, double largest)
        => largest - smallest >= 1 || largest <= smallest
            ? new((smallest + largest + 1) / 2, largest - smallest + 1)
            : new((smallest + largest) / 2, Math.Max(largest - smallest, 1e-9), VoiFunction.LinearExact);

    /// <summary>The place of a value between 0, black, and 1, white.</summary>
    public double Apply(double value)
    {
        switch (Function)
        {
            case VoiFunction.Sigmoid:
                return 1 / (1 + Math.Exp(-4 * (value - Center) / Width));
            case VoiFunction.LinearExact:
                return Math.Clamp(((value - Center) / Width) + 0.5, 0, 1);
            default:
                var (middle, range) = (Center - 0.5, Width - 1);
                if (value <= middle - (range / 2)) return 0;
                return value > middle + (range / 2) ? 1 : ((value - middle) / range) + 0.5;
        }
    }
}
