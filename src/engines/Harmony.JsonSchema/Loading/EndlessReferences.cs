using Harmony.JsonSchema.Keywords;

namespace Harmony.JsonSchema.Loading;

/// <summary>
/// Finds schemas that lead back to themselves without a step into the document, such as <c>{"$ref": "#"}</c>: checking against them would
/// never end. A schema that refers to itself below <c>properties</c> or <c>items</c> ends with the document.
/// </summary>
internal sealed class EndlessReferences(List<SchemaMistake> mistakes)
{
    private readonly HashSet<Subschema> _done = [];
    private readonly HashSet<Subschema> _onTheWay = [];

    public void Check(IEnumerable<Subschema> schemas)
    {
        foreach (var schema in schemas) Visit(schema);
    }

    private void Visit(Subschema schema)
    {
        if (_done.Contains(schema)) return;
        _onTheWay.Add(schema);
        foreach (var keyword in schema.Keywords)
        {
            foreach (var next in keyword.InPlace) VisitNext(schema, keyword, next);
        }

        _onTheWay.Remove(schema);
        _done.Add(schema);
    }

    private void VisitNext(Subschema schema, Keyword keyword, Subschema next)
    {
        if (_onTheWay.Contains(next)) mistakes.Add(new SchemaMistake($"{schema.Location}/{keyword.Name}", "leads back to itself without end"));
        else Visit(next);
    }
}
