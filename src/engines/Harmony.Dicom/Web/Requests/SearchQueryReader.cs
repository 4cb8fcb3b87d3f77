using System.Globalization;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Dictionary;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Query;

namespace Harmony.Dicom.Web.Requests;

/// <summary>
/// Reads the query of a search: attributes by keyword, by eight hexadecimal digits, or within sequences with dots between them. What is an attribute and
/// cannot be understood is an error, since the search would find more than was meant; other parameters that are not known are warnings.
/// </summary>
public static class SearchQueryReader
{
    /// <summary>Most UIDs of one list.</summary>
    public const int MaxListed = 10_000;

    private const int MaxDepth = 8;
    private const int MaxValue = 1024;

    /// <param name="parameters">Decoded names and values.</param>
    /// <param name="resource">What is searched, and the UIDs that the path names: they are keys, too.</param>
    /// <exception cref="SearchQueryException">It cannot be understood.</exception>
    public static SearchQuery Read(IReadOnlyDictionary<string, IReadOnlyList<string>> parameters, WebResource resource)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(resource);
        var warnings = new List<string>();
        var included = new List<DicomTag>();
        var keys = new DicomDataSetBuilder();
        int? limit = null;
        var (offset, includesAll) = (0, false);
        foreach (var (name, values) in parameters)
        {
            switch (name.ToLowerInvariant())
            {
                case "limit": limit = Number("limit", values); break;
                case "offset": offset = Number("offset", values) ?? 0; break;
                case "includefield": includesAll |= ReadIncluded(values, included, warnings); break;
                case "fuzzymatching": ReadFuzzy(values, warnings); break;
                case "accept" or "charset" or "": break;
                default: ReadKey(keys, name, values, resource.Level, warnings); break;
            }
        }

        SetUid(keys, DicomTag.StudyInstanceUID, resource.Study);
        SetUid(keys, DicomTag.SeriesInstanceUID, resource.Series);
        SetUid(keys, DicomTag.SOPInstanceUID, resource.Instance);
        return new SearchQuery { Keys = keys.Build(), Included = included, IncludesAll = includesAll, Limit = limit, Offset = offset, Warnings = warnings };
    }

    private static int? Number(string name, IReadOnlyList<string> values)
    {
        if (values is [""]) return null;
        return values.Count == 1 && int.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new SearchQueryException($"'{name}' must be a single whole number, 0 or more");
    }

    /// <returns>Whether all is wanted.</returns>
    private static bool ReadIncluded(IReadOnlyList<string> values, List<DicomTag> included, List<string> warnings)
    {
        var isAll = false;
        var names = values.SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Distinct(StringComparer.Ordinal);
        foreach (var name in names.Take(1000))
        {
            if (name.Equals("all", StringComparison.OrdinalIgnoreCase)) isAll = true;
            else if (DicomTag.TryParse(name.Split('.')[0], out var tag) && tag.Group >= 8) included.Add(tag);
            else warnings.Add($"includefield: {Shown(name)} is no attribute");
        }

        return isAll;
    }

    private static void ReadFuzzy(IReadOnlyList<string> values, List<string> warnings)
    {
        if (values.Any(v => v.Equals("true", StringComparison.OrdinalIgnoreCase)))
        {
            warnings.Add("The fuzzymatching parameter is not supported. Only literal matching has been performed.");
        }
    }

    private static void ReadKey(DicomDataSetBuilder keys, string name, IReadOnlyList<string> values, QueryLevel level, List<string> warnings)
    {
        var path = name.Split('.');
        var tags = new DicomTag[path.Length];
        for (var i = 0; i < path.Length; i++)
        {
            if (path.Length <= MaxDepth && DicomTag.TryParse(path[i], out tags[i]) && tags[i].Group >= 8) continue;
            if (LooksLikeAttribute(name))
            {
                throw new SearchQueryException(
                    $"{Shown(name)} is no attribute: it must be a keyword of the standard, such as PatientID, or eight hexadecimal digits, such as 00100020");
            }

            warnings.Add($"{Shown(name)} is not supported, and was not heeded");
            return;
        }

        // A study has no modality of its own; what is meant is a study that has a series of it.
        if (tags is [var single] && single == DicomTag.Modality && level == QueryLevel.Study) tags[0] = DicomTag.ModalitiesInStudy;
        if (SearchAttributes.LevelOf(tags[0]) is { } own && own > level && values.Any(v => v.Length > 0))
        {
            throw new SearchQueryException(
                $"{Shown(name)} is an attribute of {(own == QueryLevel.Series ? "series: search /series" : "instances: search /instances")} by it");
        }

        Set(keys, tags, values, name);
    }

    private static void Set(DicomDataSetBuilder keys, ReadOnlySpan<DicomTag> tags, IReadOnlyList<string> values, string name)
    {
        if (tags.Length == 1)
        {
            keys.Set(ValueOf(keys, tags[0], values, name));
            return;
        }

        var item = keys.Build().GetItems(tags[0]) is [var there, ..] ? there.ToBuilder() : keys.CreateItem();
        Set(item, tags[1..], values, name);
        keys.Set(tags[0], [item.Build()]);
    }

    private static DicomElement ValueOf(DicomDataSetBuilder keys, DicomTag tag, IReadOnlyList<string> values, string name)
    {
        var vr = DicomDictionary.VrOf(tag);
        if (vr == Vr.SQ)
        {
            if (values.All(v => v.Length == 0)) return new DicomSequence(tag, []);
            throw new SearchQueryException($"{Shown(name)} is a sequence: name an attribute in it, such as {Shown(name)}.CodeValue");
        }

        if (vr == Vr.UN) vr = Vr.LO; // a private attribute, of which nothing but text can be asked
        if (vr.IsBulk()) throw new SearchQueryException($"{Shown(name)} is binary, which cannot be searched");
        var separators = vr == Vr.UI ? new[] { '\\', ',' } : ['\\'];
        string[] texts = [.. values.SelectMany(v => v.Split(separators)).Select(v => v.Trim(' ')).Where(v => v.Length > 0).Distinct(StringComparer.Ordinal)];
        if (texts.Length > MaxListed) throw new SearchQueryException($"{Shown(name)} lists more than {MaxListed} values");
        foreach (var text in texts) Check(vr, text, name);
        return new DicomValue(tag, vr, ValueEncoder.Encode(tag, vr, texts, keys.CharacterSet, isStrict: false), keys.CharacterSet);
    }

    /// <summary>
    /// Values that the other side could only misunderstand. Wild cards and ranges are no values, so lengths and characters of the VR do not count.
    /// </summary>
    private static void Check(Vr vr, string text, string name)
    {
        if (text.Length > MaxValue || text.Any(char.IsControl))
        {
            throw new SearchQueryException($"{Shown(name)} has a value of more than {MaxValue} characters, or with control characters");
        }

        var isFit = vr switch
        {
            Vr.UI => Uid.IsTolerable(text),
            Vr.DA => IsMade(text, "0123456789-.") && text.Split('-') is { Length: <= 2 } dates
                && dates.All(d => d.Replace(".", "", StringComparison.Ordinal).Length is 0 or 8 or 6 or 4),
            Vr.TM => IsMade(text, "0123456789-.:"),
            Vr.DT => IsMade(text, "0123456789-.+"),
            Vr.IS or Vr.US or Vr.UL or Vr.SS or Vr.SL => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            Vr.DS or Vr.FL or Vr.FD => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
            _ => true,
        };
        if (!isFit) throw new SearchQueryException($"{Shown(name)} has a value that is no {Kind(vr)}");
    }

    private static string Kind(Vr vr) => vr switch
    {
        Vr.UI => "UID, nor a list of UIDs",
        Vr.DA => "date, such as 20240131, nor a range, such as 20240101-20240131",
        Vr.TM => "time, such as 0930, nor a range, such as 0900-1200",
        Vr.DT => "date with time, nor a range of such",
        _ => "number",
    };

    private static bool IsMade(string text, string of) => text == "*" || !text.AsSpan().ContainsAnyExcept(of);

    private static void SetUid(DicomDataSetBuilder keys, DicomTag tag, string? uid)
    {
        if (uid is not null) keys.SetUnchecked(tag, uid);
    }

    /// <summary>
    /// Keywords begin with a capital letter, tags are digits; parameters of other software are written in small letters or with an underscore.
    /// </summary>
    private static bool LooksLikeAttribute(string name)
        => char.IsAsciiLetterUpper(name[0]) || (name.Length == 8 && name.All(char.IsAsciiHexDigit)) || name.Contains('.', StringComparison.Ordinal);

    /// <summary>A name from outside, as it may stand in a message and a header.</summary>
    private static string Shown(string name)
    {
        var clean = new string([.. name.Take(64).Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')]);
        return $"'{clean}'";
    }
}
