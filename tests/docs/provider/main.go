// Providers for the tests of packaging/terraform, where there is no AWS: they take what their schemas take, make nothing,
// and tell of each resource what only AWS would know as TYPE-NUMBER.ATTRIBUTE. The schemas are those of the real ones, as
// far as the module uses them (schema.py).
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

//go:embed schema.json
var schemaJSON []byte

type attribute struct {
	Type                                    json.RawMessage
	Computed, Optional, Required, Sensitive bool
}

type nested struct {
	Set   bool
	Max   int64
	Block block
}

type block struct {
	Attributes map[string]attribute
	Blocks     map[string]nested
}

// What data sources tell, by attribute.
var known = map[string]string{
	"account_id": "123456789012", "partition": "aws", "dns_suffix": "amazonaws.com", "id": "eu-west-1",
}

// The methods that Terraform calls; it has no use for the others.
type provider struct {
	tfprotov5.ProviderServer
	resources, data map[string]*tfprotov5.Schema
	made            atomic.Int64
}

func (b block) schema() *tfprotov5.SchemaBlock {
	made := &tfprotov5.SchemaBlock{}
	for name, each := range b.Attributes {
		kind, err := tftypes.ParseJSONType(each.Type) //nolint:staticcheck // the one that there is
		if err != nil {
			log.Fatal(name, err)
		}
		made.Attributes = append(made.Attributes, &tfprotov5.SchemaAttribute{
			Name: name, Type: kind, Computed: each.Computed, Optional: each.Optional, Required: each.Required,
			Sensitive: each.Sensitive,
		})
	}
	for name, each := range b.Blocks {
		nesting := tfprotov5.SchemaNestedBlockNestingModeList
		if each.Set {
			nesting = tfprotov5.SchemaNestedBlockNestingModeSet
		}
		made.BlockTypes = append(made.BlockTypes, &tfprotov5.SchemaNestedBlock{
			TypeName: name, Nesting: nesting, MaxItems: each.Max, Block: each.Block.schema(),
		})
	}
	return made
}

func newProvider(name string) *provider {
	var blocks map[string]block
	if err := json.Unmarshal(schemaJSON, &blocks); err != nil {
		log.Fatal(err)
	}
	made := &provider{resources: map[string]*tfprotov5.Schema{}, data: map[string]*tfprotov5.Schema{}}
	for kind, each := range blocks {
		schema := &tfprotov5.Schema{Block: each.schema()}
		if data, found := strings.CutPrefix(kind, "data."); found && strings.HasPrefix(data, name+"_") {
			made.data[data] = schema
		} else if strings.HasPrefix(kind, name+"_") {
			made.resources[kind] = schema
		}
	}
	return made
}

func (p *provider) GetProviderSchema(context.Context, *tfprotov5.GetProviderSchemaRequest) (*tfprotov5.GetProviderSchemaResponse, error) {
	return &tfprotov5.GetProviderSchemaResponse{
		Provider:          &tfprotov5.Schema{Block: &tfprotov5.SchemaBlock{}},
		ResourceSchemas:   p.resources,
		DataSourceSchemas: p.data,
	}, nil
}

func (p *provider) PrepareProviderConfig(_ context.Context, asked *tfprotov5.PrepareProviderConfigRequest) (*tfprotov5.PrepareProviderConfigResponse, error) {
	return &tfprotov5.PrepareProviderConfigResponse{PreparedConfig: asked.Config}, nil
}

func (p *provider) ConfigureProvider(context.Context, *tfprotov5.ConfigureProviderRequest) (*tfprotov5.ConfigureProviderResponse, error) {
	return &tfprotov5.ConfigureProviderResponse{}, nil
}

func (p *provider) StopProvider(context.Context, *tfprotov5.StopProviderRequest) (*tfprotov5.StopProviderResponse, error) {
	return &tfprotov5.StopProviderResponse{}, nil
}

func (p *provider) ValidateResourceTypeConfig(context.Context, *tfprotov5.ValidateResourceTypeConfigRequest) (*tfprotov5.ValidateResourceTypeConfigResponse, error) {
	return &tfprotov5.ValidateResourceTypeConfigResponse{}, nil
}

func (p *provider) ValidateDataSourceConfig(context.Context, *tfprotov5.ValidateDataSourceConfigRequest) (*tfprotov5.ValidateDataSourceConfigResponse, error) {
	return &tfprotov5.ValidateDataSourceConfigResponse{}, nil
}

// filled has a value for each computed attribute that the configuration leaves open.
func filled(schema *tfprotov5.Schema, value *tfprotov5.DynamicValue, open func(tftypes.Value) bool, fill func(string, tftypes.Type) any) (*tfprotov5.DynamicValue, error) {
	kind := schema.ValueType()
	object, err := value.Unmarshal(kind)
	if err != nil {
		return nil, err
	}
	attributes := map[string]tftypes.Value{}
	if err := object.As(&attributes); err != nil {
		return nil, err
	}
	for _, each := range schema.Block.Attributes {
		if each.Computed && open(attributes[each.Name]) {
			attributes[each.Name] = tftypes.NewValue(each.Type, fill(each.Name, each.Type))
		}
	}
	made, err := tfprotov5.NewDynamicValue(kind, tftypes.NewValue(kind, attributes))
	return &made, err
}

func (p *provider) PlanResourceChange(_ context.Context, asked *tfprotov5.PlanResourceChangeRequest) (*tfprotov5.PlanResourceChangeResponse, error) {
	planned, err := filled(p.resources[asked.TypeName], asked.ProposedNewState, tftypes.Value.IsNull,
		func(string, tftypes.Type) any { return tftypes.UnknownValue })
	return &tfprotov5.PlanResourceChangeResponse{PlannedState: planned}, err
}

func (p *provider) ApplyResourceChange(_ context.Context, asked *tfprotov5.ApplyResourceChangeRequest) (*tfprotov5.ApplyResourceChangeResponse, error) {
	name := fmt.Sprintf("%s-%d", asked.TypeName, p.made.Add(1))
	state, err := filled(p.resources[asked.TypeName], asked.PlannedState,
		func(value tftypes.Value) bool { return !value.IsKnown() },
		func(attribute string, kind tftypes.Type) any {
			if kind.Is(tftypes.String) {
				return name + "." + attribute
			}
			return nil
		})
	return &tfprotov5.ApplyResourceChangeResponse{NewState: state}, err
}

func (p *provider) ReadDataSource(_ context.Context, asked *tfprotov5.ReadDataSourceRequest) (*tfprotov5.ReadDataSourceResponse, error) {
	state, err := filled(p.data[asked.TypeName], asked.Config, tftypes.Value.IsNull,
		func(attribute string, kind tftypes.Type) any {
			if value, found := known[attribute]; found && kind.Is(tftypes.String) {
				return value
			}
			return nil
		})
	return &tfprotov5.ReadDataSourceResponse{State: state}, err
}

func main() {
	name := "aws"
	if strings.Contains(os.Args[0], "terraform-provider-random") {
		name = "random"
	}
	server := func() tfprotov5.ProviderServer { return newProvider(name) }
	if err := tf5server.Serve("registry.terraform.io/hashicorp/"+name, server); err != nil {
		log.Fatal(err)
	}
}
