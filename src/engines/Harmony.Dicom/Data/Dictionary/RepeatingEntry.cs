namespace Harmony.Dicom.Data.Dictionary;

/// <summary>An entry for every even group or element of a range, such as the overlays (6000-60FF,0010).</summary>
internal sealed record RepeatingEntry(uint First, uint Last, string Keyword, byte Vr, string Vm, bool IsRetired)
{
    public bool Covers(uint tag)
    {
        var (group, element) = (tag >> 16, tag & 0xFFFF);
        return group >= First >> 16 && group <= Last >> 16 && element >= (First & 0xFFFF) && element <= (Last & 0xFFFF)
            && (group & 1) == 0 && (First >> 16 != Last >> 16 || (element & 1) == 0 || (First & 0xFFFF) == (Last & 0xFFFF));
    }
}
