using Harmony.Dicom.Data;
using Harmony.Dicom.Data.CharacterSets;

namespace Harmony.Imaging.Dicom.Answers;

/// <summary>Makes of what a backend found what was asked for: each key of the identifier, with its value or empty, and nothing else (PS3.4 §C.4.1.1.3).</summary>
/// <param name="identifier">The identifier of the request.</param>
/// <param name="retrieveAeTitle">By which AE title matches can be retrieved; null where they cannot.</param>
internal sealed class ReturnedKeys(DicomDataSet identifier, string? retrieveAeTitle)
{
    /// <summary>The identifier of one response. Text is in the character set of the request, or in UTF-8 where that has no code for it.</summary>
    public DicomDataSet Of(DicomDataSet match)
    {
        try
        {
            return Build(match, identifier.CharacterSet);
        }
        catch (ArgumentException)
        {
            return Build(match, SpecificCharacterSet.Utf8);
        }
    }

    private DicomDataSet Build(DicomDataSet match, SpecificCharacterSet characterSet)
    {
        var result = new DicomDataSetBuilder(characterSet);
        if (retrieveAeTitle is not null) result.Set(DicomTag.RetrieveAETitle, retrieveAeTitle);
        foreach (var key in identifier)
        {
            if (key.Tag == DicomTag.SpecificCharacterSet || key.Tag.IsGroupLength) continue;
            if (key.Tag == DicomTag.QueryRetrieveLevel) result.Set(key);
            else if (match.TryGet(key.Tag, out var found)) result.Set(found);
            else result.Set(key is DicomSequence ? new DicomSequence(key.Tag, []) : new DicomValue(key.Tag, key.Vr, ReadOnlyMemory<byte>.Empty));
        }

        return result.Build();
    }
}
