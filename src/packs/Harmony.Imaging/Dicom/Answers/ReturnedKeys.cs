using Harmony.Dicom.Data;
using Harmony.Dicom.Data.CharacterSets;

namespace Harmony.Imaging.Dicom.Answers;

/// <summary>
/// Makes of what a backend found what was asked for: each key of the identifier, with its value or empty, and nothing else (PS3.4 §C.4.1.1.3).
/// </summary>
/// <param name="identifier">The identifier of the request.</param>
/// <param name="retrieveAeTitle">By which AE title matches can be retrieved; null where they cannot.</param>
internal sealed class ReturnedKeys(DicomDataSet identifier, string? retrieveAeTitle)
{
    /// <summary>
    /// The identifier of one response. Text is in the character set of the request, else in that of the system that answers, else in UTF-8, which has codes
    /// for all.
    /// </summary>
    /// <param name="match">What was found.</param>
    /// <param name="found">The character set in which it was found; null where it is not known.</param>
    public DicomDataSet Of(DicomDataSet match, SpecificCharacterSet? found)
    {
        var answer = Builder(match, identifier.CharacterSet);
        if (!ReferenceEquals(answer.CharacterSet, identifier.CharacterSet) && found is not null) answer = Builder(match, found);
        return answer.Build();
    }

    private DicomDataSetBuilder Builder(DicomDataSet match, SpecificCharacterSet characterSet)
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

        return result;
    }
}
