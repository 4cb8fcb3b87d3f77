using System.Text;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Dictionary;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;

namespace Harmony.Gateway.Cli.Dicom;

/// <summary>A DICOM file as people read it: a line for each element, items indented.</summary>
internal sealed class DataSetText(TextWriter output)
{
    private const int MaxValue = 80;

    public void Print(DicomFile file)
    {
        if (file.Meta.Elements.Count > 0)
        {
            output.WriteLine("# file meta information");
            Print(file.Meta.Elements, "");
            output.WriteLine();
        }

        output.WriteLine($"# data set, {file.TransferSyntax.Keyword} {file.TransferSyntax.Uid}");
        Print(file.DataSet, "");
    }

    private void Print(DicomDataSet dataSet, string indent)
    {
        foreach (var element in dataSet)
        {
            var name = DicomDictionary.Keyword(element.Tag) ?? dataSet.PrivateCreatorOf(element.Tag) ?? "";
            output.WriteLine($"{indent}{element.Tag} {element.Vr.ToLetters()} {Clean(name),-36} {Value(element)}".TrimEnd());
            if (element is not DicomSequence sequence) continue;
            for (var i = 0; i < sequence.Items.Count; i++)
            {
                output.WriteLine($"{indent}  item {i + 1}");
                Print(sequence.Items[i], indent + "    ");
            }
        }
    }

    private static string Value(DicomElement element) => element switch
    {
        { IsEmpty: true } => "(no value)",
        DicomValue { Vr: Vr.UI } uid => string.Join('\\', uid.GetStrings().Select(u => Uid.Keyword(u) is { } keyword ? $"{u} ({keyword})" : u)),
        DicomValue value when value.Vr.IsBulk() => Bytes(value.Bytes.Span),
        DicomValue value => Shortened(Clean(value.GetText())),
        DicomSequence sequence => $"{sequence.Items.Count} items",
        DicomFragments fragments => $"{fragments.Fragments.Count} fragments, {fragments.Fragments.Sum(f => f.Length)} bytes",
        DicomBulkValue bulk => $"{bulk.Data.Length} bytes",
        _ => "",
    };

    private static string Bytes(ReadOnlySpan<byte> bytes)
    {
        const int Shown = 16;
        return bytes.Length <= Shown ? Convert.ToHexString(bytes) : $"{Convert.ToHexString(bytes[..Shown])}… {bytes.Length} bytes";
    }

    private static string Shortened(string text) => text.Length <= MaxValue ? text : $"{text[..MaxValue]}… {text.Length} characters";

    /// <summary>What a file says must not steer the terminal.</summary>
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var c in text) clean.Append(char.IsControl(c) ? '·' : c);
        return clean.ToString();
    }
}
