namespace Harmony.Dicom.Data.Dictionary;

/// <summary>Odd groups that all have the private elements of the first of them, as repeating groups have.</summary>
/// <param name="Creator">The number of their creator.</param>
/// <param name="First">The group the elements are listed under.</param>
/// <param name="Last">The last group.</param>
internal sealed record PrivateGroups(int Creator, ushort First, ushort Last)
{
    public bool Covers(int creator, uint group) => creator == Creator && group >= First && group <= Last;
}
