#:property PublishAot=false
#:property NoWarn=$(NoWarn);MA0009;MA0023;MA0047;CS1591
// Generates the tables of src/packs/Harmony.Fhir/Definitions from the definitions of FHIR R4, as the NuGet package Hl7.Fhir.Specification.Data.R4 holds them:
//
//   dotnet run eng/fhir-tables.cs -- specification.zip src/packs/Harmony.Fhir/Definitions
//
// r4.txt:
// search-parameters.xml  → a line for each type and parameter of kind token or reference: type, name, kind, paths of JSON members
// profiles-resources.xml → a line for each type of the compartment of patients: its parameters
// r4-elements.txt:
// profiles-types.xml and profiles-resources.xml → a line for each element: path, least and most, types or the path that it repeats
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: fhir-tables.cs SPECIFICATION.ZIP OUTPUT-FOLDER");
    return 2;
}

XNamespace fhir = "http://hl7.org/fhir";
using var archive = ZipFile.OpenRead(args[0]);
var lines = new SortedSet<string>(StringComparer.Ordinal);
foreach (var parameter in Resources("search-parameters.xml", "SearchParameter"))
{
    if (Value(parameter, "type") is not ("token" or "reference") || Value(parameter, "expression") is not { } expression) continue;
    foreach (var type in parameter.Elements(fhir + "base").Select(b => b.Attribute("value")!.Value))
    {
        var paths = expression.Split('|').Select(p => PathOf(p.Trim(), type)).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (paths.Count > 0) lines.Add($"{type} {Value(parameter, "code")} {Value(parameter, "type")} {string.Join(' ', paths)}");
    }
}

foreach (var compartment in Resources("profiles-resources.xml", "CompartmentDefinition").Where(c => Value(c, "code") == "Patient"))
{
    foreach (var resource in compartment.Elements(fhir + "resource"))
    {
        var parameters = resource.Elements(fhir + "param").Select(p => p.Attribute("value")!.Value).ToList();
        if (parameters.Count > 0) lines.Add($"{Value(resource, "code")} * compartment {string.Join(' ', parameters)}");
    }
}

Write("r4.txt", lines);
var elements = new List<string>();
foreach (var file in (string[])["profiles-types.xml", "profiles-resources.xml"])
{
    foreach (var structure in Resources(file, "StructureDefinition").Where(s => Value(s, "derivation") != "constraint" && Value(s, "kind") is "complex-type" or "resource"))
    {
        foreach (var element in structure.Element(fhir + "snapshot")!.Elements(fhir + "element"))
        {
            var path = Value(element, "path")!;
            if (!path.Contains('.') || Value(element, "max") == "0") continue;
            var types = element.Elements(fhir + "type").Select(t => Value(t, "code")!.Split('/')[^1]).Select(t => t.StartsWith("System.", StringComparison.Ordinal) ? "string" : t).Distinct(StringComparer.Ordinal);
            var content = Value(element, "contentReference") is { } same ? "=" + same.TrimStart('#') : string.Join(',', types);
            elements.Add($"{path} {Value(element, "min")} {Value(element, "max")} {content}");
        }
    }
}

Write("r4-elements.txt", elements);
return 0;

void Write(string name, IEnumerable<string> text)
    => File.WriteAllText(Path.Combine(args[1], name), "# Made by eng/fhir-tables.cs from the definitions of FHIR R4 (4.0.1); see NOTICE.\n" + string.Join('\n', text) + "\n");

IEnumerable<XElement> Resources(string file, string type)
{
    using var stream = archive.GetEntry(file)!.Open();
    return [.. XDocument.Load(stream).Descendants(fhir + "resource").Elements(fhir + type)];
}

string? Value(XElement element, string name) => element.Element(fhir + name)?.Attribute("value")?.Value;

// "Observation.subject.where(resolve() is Patient)" is "subject:Patient", "(Observation.value as CodeableConcept)" is "valueCodeableConcept".
// What is no plain path has no line: who needs it finds that it is not known.
string? PathOf(string path, string type)
{
    var target = "";
    path = Regex.Replace(path, @"\.where\(resolve\(\) is (\w+)\)$", m => (target = ":" + m.Groups[1].Value)[..0]);
    path = Regex.Replace(path, @"^\(([\w.]+) as (\w+)\)$", m => m.Groups[1].Value + char.ToUpperInvariant(m.Groups[2].Value[0]) + m.Groups[2].Value[1..]);
    path = Regex.Replace(path, @"\.as\((\w+)\)$", m => char.ToUpperInvariant(m.Groups[1].Value[0]) + m.Groups[1].Value[1..]);
    var match = Regex.Match(path, @"^(\w+)\.([\w.]+)$");
    return match.Success && (match.Groups[1].Value == type || (match.Groups[1].Value == "Resource" && type == "Resource")) ? match.Groups[2].Value + target : null;
}
