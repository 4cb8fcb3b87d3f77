using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Harmony.Core.Configuration;
using Harmony.Fhir.Definitions;

namespace Harmony.Fhir.Middleware.FhirValidate;

/// <summary>A StructureDefinition, ValueSet or CodeSystem, compressed in memory.</summary>
/// <param name="Url">The canonical URL, without a version.</param>
/// <param name="Version">The version; empty for none.</param>
/// <param name="Profiled">The type that a StructureDefinition describes; empty for others.</param>
/// <param name="IsXml">XML, else JSON.</param>
/// <param name="Compressed">The resource, deflated.</param>
internal sealed record Definition(string Url, string Version, string Profiled, bool IsXml, byte[] Compressed)
{
    /// <summary>Inflates the resource.</summary>
    public byte[] Read()
    {
        using var inflated = new MemoryStream();
        using (var stream = new DeflateStream(new MemoryStream(Compressed), CompressionMode.Decompress)) stream.CopyTo(inflated);
        return inflated.ToArray();
    }
}

/// <summary>Definitions by canonical URL: those of R4, or those of a folder of packages.</summary>
internal sealed class DefinitionTable
{
    private const long MostBytes = 64 << 20;

    private static readonly string[] BaseFiles =
    [
        "profiles-types.xml", "profiles-resources.xml", "profiles-others.xml", "extension-definitions.xml", "valuesets.xml", "v2-tables.xml",
        "v3-codesystems.xml",
    ];

    private readonly Dictionary<string, Definition> _all = new(StringComparer.Ordinal);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>A SHA-256 hash of all definitions: two folders with the same definitions have the same.</summary>
    public string Fingerprint => Convert.ToHexString(_hash.GetCurrentHash());

    /// <summary>The URLs of all profiles.</summary>
    public IEnumerable<string> Profiles => _all.Values.Where(d => d.Profiled.Length > 0).Select(d => d.Url).Distinct(StringComparer.Ordinal);

    /// <summary>The definition of a canonical URL, with or without <c>|version</c>; null where there is none.</summary>
    public Definition? Find(string canonical) => _all.GetValueOrDefault(canonical);

    /// <summary>The definitions of R4 (4.0.1).</summary>
    public static DefinitionTable OfR4()
    {
        var table = new DefinitionTable();
        using var zip = new ZipArchive(typeof(DefinitionTable).Assembly.GetManifestResourceStream("specification.zip")!);
        foreach (var name in BaseFiles)
        {
            using var reader = XmlReader.Create(zip.GetEntry(name)!.Open(), FhirXml.Reading);
            while (reader.ReadToFollowing("resource", FhirXml.Namespace.NamespaceName))
            {
                var resource = ((XElement)XNode.ReadFrom(reader)).Elements().First();
                var bytes = Encoding.UTF8.GetBytes(resource.ToString(SaveOptions.DisableFormatting));
                table.Add(resource.Name.LocalName, Value(resource, "url"), Value(resource, "version"), Value(resource, "type"), isXml: true, bytes);
            }
        }

        return table;

        static string Value(XElement resource, string name) => resource.Element(FhirXml.Namespace + name)?.Attribute("value")?.Value ?? "";
    }

    /// <summary>
    /// The definitions of R4 in the packages of a folder: <c>.tgz</c> files, and <c>.json</c> files at any depth. Examples in packages are left out.
    /// </summary>
    /// <exception cref="IOException">The folder or a file cannot be read, or a file is larger than 64 MiB; the message names the file.</exception>
    /// <exception cref="InvalidDataException">A file is no package, or not JSON; the message names the file.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or a file may not be read.</exception>
    public static DefinitionTable OfFolder(string folder)
    {
        var table = new DefinitionTable();
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, path);
            try
            {
                if (path.EndsWith(".tgz", StringComparison.Ordinal)) table.AddPackage(path);
                else if (IsDefinition(name)) table.Add(BoundedFile.Read(path));
            }
            catch (Exception e) when (e is JsonException or InvalidDataException or EndOfStreamException)
            {
                throw new InvalidDataException($"'{name}' is {(e is JsonException ? "not JSON" : "no package: " + e.Message)}", e);
            }
            catch (IOException e)
            {
                throw new IOException($"'{name}': {Readable.Reason(e)}", e);
            }
        }

        return table;
    }

    private void AddPackage(string path)
    {
        using var tar = new TarReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is null || !IsDefinition(entry.Name)) continue;
            if (entry.Length > MostBytes) throw new InvalidDataException($"'{entry.Name}' has more than {MostBytes} bytes");
            var bytes = new byte[entry.Length];
            entry.DataStream.ReadExactly(bytes);
            Add(bytes);
        }
    }

    private static bool IsDefinition(string name)
    {
        var parts = name.Split('/', '\\');
        return name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && parts[^1][0] != '.' && !parts.Any(p => p is "example" or "examples" or "openapi");
    }

    private void Add(byte[] json)
    {
        var (type, url, version, profiled, fhirVersion) = ("", "", "", "", "4.0");
        var reader = new Utf8JsonReader(json.AsSpan(json.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0), new JsonReaderOptions { MaxDepth = 256 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = reader.GetString();
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) reader.Skip();
            else if (member == "resourceType") type = reader.GetString()!;
            else if (member == "url") url = reader.GetString()!;
            else if (member == "version") version = reader.GetString()!;
            else if (member == "type") profiled = reader.GetString()!;
            else if (member == "fhirVersion") fhirVersion = reader.GetString()!;
        }

        if (fhirVersion.StartsWith("4.0", StringComparison.Ordinal)) Add(type, url, version, profiled, isXml: false, json);
    }

    private void Add(string type, string url, string version, string profiled, bool isXml, byte[] bytes)
    {
        if (type is not ("StructureDefinition" or "ValueSet" or "CodeSystem") || url.Length == 0) return;
        _hash.AppendData(bytes);
        using var compressed = new MemoryStream();
        using (var stream = new DeflateStream(compressed, CompressionLevel.Fastest)) stream.Write(bytes);
        var definition = new Definition(url, version, type == "StructureDefinition" ? profiled : "", isXml, compressed.ToArray());
        _all[url] = definition;
        if (version.Length > 0) _all[$"{url}|{version}"] = definition;
    }
}
