using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Xml;
using Firely.Fhir.Validation;
using Harmony.Fhir.Definitions;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Specification.Source;
using Hl7.Fhir.Specification.Terminology;
using Hl7.Fhir.Utility;
using FhirBase = Hl7.Fhir.Model.Base;
using OperationOutcome = Hl7.Fhir.Model.OperationOutcome;
using Resource = Hl7.Fhir.Model.Resource;

namespace Harmony.Fhir.Middleware.FhirValidate;

/// <summary>
/// Validates resources against the definitions of R4 and against profiles. The definitions are read when the first resource comes, once for all middleware
/// with the same packages. As many resources as there are processors are validated at a time, each on a thread of the pool.
/// </summary>
/// <param name="packages">Definitions besides those of R4; null for none.</param>
/// <param name="profiles">Canonical URLs of profiles, by the resource type to which they are applied.</param>
internal sealed class ProfileEngine(DefinitionTable? packages, ILookup<string, string> profiles)
{
    private static readonly Lazy<DefinitionTable> R4 = new(DefinitionTable.OfR4);
    private static readonly SemaphoreSlim Places = new(Environment.ProcessorCount);

    private readonly Lazy<Task<Validator>> _validator = new(() => Task.Run(() => Build(packages, profiles)));

    /// <summary>The faults of a resource; empty if there are none. Texts may quote codes of the resource.</summary>
    /// <param name="bytes">The resource, whose shape is that of R4. Not changed before the end.</param>
    /// <param name="isXml">XML, else JSON.</param>
    /// <param name="mostIssues">How many issues are returned at most.</param>
    /// <param name="ct">Ends the wait for a place; a validation that has begun goes on to its end.</param>
    public async Task<IReadOnlyList<ShapeIssue>> ValidateAsync(ReadOnlyMemory<byte> bytes, bool isXml, int mostIssues, CancellationToken ct)
    {
        var validator = await _validator.Value.WaitAsync(ct);
        await Places.WaitAsync(ct);
        try
        {
            return await Task.Run(() => Validate(validator, bytes, isXml, mostIssues), CancellationToken.None);
        }
        finally
        {
            Places.Release();
        }
    }

    private static List<ShapeIssue> Validate(Validator validator, ReadOnlyMemory<byte> bytes, bool isXml, int mostIssues)
    {
        var (resource, unread) = Parse(bytes, isXml);
        if (resource is null) return [new ShapeIssue("structure", "", "the body is no resource of R4")];
        var issues = validator.Validate(resource).Issue
            .Where(i => i.Severity is OperationOutcome.IssueSeverity.Error or OperationOutcome.IssueSeverity.Fatal)
            .Where(i => !IsReferenceOfAnIdentifier(resource, i))
            .Select(i => new ShapeIssue(i.Code.GetLiteral() ?? "invalid", Locate(resource, i).Place, i.Details?.Text ?? ""));
        return [.. issues.Concat(unread.Select(text => new ShapeIssue("structure", resource.TypeName, text))).Take(mostIssues)];
    }

    private static Validator Build(DefinitionTable? packages, ILookup<string, string> profiles)
    {
        var definitions = new CachedResolver(new DefinitionResolver(packages is null ? [R4.Value] : [packages, R4.Value]));
        var resolver = new CachedResolver(new OneAtATime(new SnapshotSource(definitions)));
        var settings = new ValidationSettings
        {
            SelectValidationProfiles = (_, claimed, node, _) => [.. claimed, .. profiles[node.Poco.TypeName].Select(p => new Canonical(p)).Except(claimed)],
        };
        return new Validator(resolver, new LocalTerminologyService(resolver), null, settings);
    }

    private static (Resource? Resource, IReadOnlyList<string> Unread) Parse(ReadOnlyMemory<byte> bytes, bool isXml)
    {
        Resource? resource;
        IEnumerable<CodedException> issues;
        if (isXml)
        {
            using var xml = XmlReader.Create(new MemoryStream(bytes.ToArray()), FhirXml.Reading);
            FhirXmlDeserializer.RECOVERABLE.TryDeserializeResource(xml, out resource, out issues);
        }
        else
        {
            var json = new Utf8JsonReader(bytes.Span[(bytes.Span.StartsWith("\uFEFF"u8) ? 3 : 0)..]);
            FhirJsonDeserializer.RECOVERABLE.TryDeserializeResource(ref json, out resource, out issues);
        }

        return (resource, [.. issues.Select(i => i.Message)]);
    }

    /// <summary>
    /// The engine reports ref-1 ("a local reference has a contained resource") for a Reference that has only an identifier. R4 allows such a Reference: without
    /// the element <c>reference</c> nothing is local.
    /// </summary>
    private static bool IsReferenceOfAnIdentifier(Resource resource, OperationOutcome.IssueComponent issue)
        => issue.Details?.Text?.Contains("constraint ref-1 ", StringComparison.Ordinal) == true
            && Locate(resource, issue).Node is Hl7.Fhir.Model.ResourceReference { Reference: null };

    /// <summary>
    /// The element that an issue of the engine is about, and its FHIRPath. The engine numbers single elements too: <c>Patient.gender[0]</c> for
    /// <c>Patient.gender</c>.
    /// </summary>
    private static (string Place, object? Node) Locate(Resource resource, OperationOutcome.IssueComponent issue)
    {
        var parts = (issue.Expression.FirstOrDefault() ?? "").Split('.');
        object? node = resource;
        for (var i = 1; i < parts.Length; i++)
        {
            var from = parts[i].IndexOf('[', StringComparison.Ordinal);
            var name = from < 0 ? parts[i] : parts[i][..from];
            if (node is not FhirBase owner || !owner.TryGetValue(name, out node)) return (string.Join('.', parts), null);
            if (node is not IList items) parts[i] = name;
            else if (from > 0 && int.TryParse(parts[i].AsSpan(from + 1, parts[i].Length - from - 2), out var index) && index < items.Count) node = items[index];
        }

        return (string.Join('.', parts), node);
    }

    /// <summary>Finds definitions in tables; the first table that has a definition counts.</summary>
    private sealed class DefinitionResolver(IReadOnlyList<DefinitionTable> tables) : IAsyncResourceResolver
    {
        public Task<Resource?> ResolveByUriAsync(string uri) => Task.FromResult(Find(uri));

        public Task<Resource?> ResolveByCanonicalUriAsync(string uri) => Task.FromResult(Find(uri));

        public Task<ResolverResult> TryResolveByUriAsync(string uri)
            => Task.FromResult<ResolverResult>(Find(uri) is { } found ? found : ResolverException.NotFound());

        public Task<ResolverResult> TryResolveByCanonicalUriAsync(string uri) => TryResolveByUriAsync(uri);

        private Resource? Find(string uri)
        {
            var definition = tables.Select(t => t.Find(uri)).FirstOrDefault(d => d is not null);
            return definition is null ? null : Parse(definition.Read(), definition.IsXml).Resource;
        }
    }

    /// <summary>Asks for one definition at a time: <see cref="SnapshotSource"/> keeps the snapshot under way in fields, without a lock.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is never used holds no resource.")]
    private sealed class OneAtATime(IAsyncResourceResolver inner) : IAsyncResourceResolver
    {
        private readonly SemaphoreSlim _turn = new(1);

        public async Task<Resource?> ResolveByUriAsync(string uri)
            => await TryResolveByUriAsync(uri) is { Success: true } found ? found.Value : null;

        public async Task<Resource?> ResolveByCanonicalUriAsync(string uri)
            => await TryResolveByCanonicalUriAsync(uri) is { Success: true } found ? found.Value : null;

        public Task<ResolverResult> TryResolveByUriAsync(string uri) => InTurnAsync(() => inner.TryResolveByUriAsync(uri));

        public Task<ResolverResult> TryResolveByCanonicalUriAsync(string uri) => InTurnAsync(() => inner.TryResolveByCanonicalUriAsync(uri));

        private async Task<ResolverResult> InTurnAsync(Func<Task<ResolverResult>> ask)
        {
            await _turn.WaitAsync();
            try
            {
                return await ask();
            }
            finally
            {
                _turn.Release();
            }
        }
    }
}
