using System.CommandLine;
using System.CommandLine.Parsing;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Dictionary;
using Harmony.Dicom.Query;

namespace Harmony.Gateway.Cli.Dicom;

/// <summary><c>-k KEY[=VALUE]</c> and <c>--level LEVEL</c>: what is looked for, or retrieved.</summary>
internal static class KeyOption
{
    public static Option<DicomDataSet> Create() => new("--key", "-k")
    {
        Description = "Search key, by keyword or tag: PatientID=PAT1, 00080061. A key without a value is returned for each match. Several values: Key=a\\b.",
        HelpName = "KEY[=VALUE]",
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = _ => DicomDataSet.Empty,
        CustomParser = Parse,
    };

    public static Option<QueryLevel?> Level() => new("--level", "-l")
    {
        Description = "PATIENT, STUDY, SERIES or IMAGE; derived from the keys when absent.",
        HelpName = "LEVEL",
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (QueryLevels.TryParse(text, out var level)) return level;
            result.AddError($"'{text}' is not PATIENT, STUDY, SERIES or IMAGE");
            return null;
        },
    };

    private static DicomDataSet Parse(ArgumentResult result)
    {
        var builder = new DicomDataSetBuilder();
        foreach (var token in result.Tokens)
        {
            if (Add(builder, token.Value) is { } reason) result.AddError($"'{token.Value}' {reason}");
        }

        return builder.Build();
    }

    /// <returns>What is wrong; null when nothing is.</returns>
    private static string? Add(DicomDataSetBuilder builder, string text)
    {
        var equals = text.IndexOf('=');
        var name = equals < 0 ? text : text[..equals];
        if (!DicomTag.TryParse(name, out var tag) || tag.Group < 8) return "does not begin with a keyword or tag of the standard";
        if (tag == DicomTag.QueryRetrieveLevel) return "is no key: use --level";
        var vr = DicomDictionary.VrOf(tag);
        if (vr == Vr.SQ) return "is a sequence, which cannot be written this way";
        var values = equals < 0 || equals == text.Length - 1 ? [] : text[(equals + 1)..].Split('\\');
        try
        {
            builder.Set(new DicomValue(tag, vr, ValuesOf(tag, vr, values), builder.CharacterSet));
            return null;
        }
        catch (ArgumentException e)
        {
            return $"is not valid: {e.Message}";
        }
    }

    /// <summary>Wild cards and ranges are values that data sets cannot have, so they are put in as text, as they are.</summary>
    private static ReadOnlyMemory<byte> ValuesOf(DicomTag tag, Vr vr, string[] values)
    {
        var isText = vr is not (Vr.AT or Vr.US or Vr.SS or Vr.UL or Vr.SL or Vr.UV or Vr.SV or Vr.FL or Vr.FD);
        if (isText) return System.Text.Encoding.UTF8.GetBytes(string.Join('\\', values));
        var made = new DicomDataSetBuilder().SetAs(tag, vr, values).Build();
        return made.TryGet<DicomValue>(tag, out var value) ? value.Bytes : default;
    }
}
